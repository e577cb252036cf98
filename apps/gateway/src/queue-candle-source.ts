import { CandleSource, type LoadOutcome, type LoadTarget } from '@candlekeep/candle-cache';
import type { FetchJob, FetchRequester } from '@candlekeep/jobs';

/** The way to the exchange from a gateway: a fetch job, run by whichever worker takes it. */
export class QueueCandleSource extends CandleSource {
  constructor(private readonly requester: FetchRequester) {
    super();
  }

  override async load(target: LoadTarget, waitMs: number): Promise<LoadOutcome> {
    const { kind, collapsed } = await this.requester.request(jobOf(target), waitMs);
    return { kind: kind === 'done' ? 'loaded' : 'no-word', collapsed };
  }
}

function jobOf(target: LoadTarget): FetchJob {
  const { market, timeframe } = target.series;
  const series = { market, timeframe: timeframe.code };
  if (target.kind === 'tile') return { kind: 'tile', ...series, untilMs: target.untilMs };
  return { kind: 'head', ...series, freshSinceMs: Math.max(0, target.freshSinceMs) };
}
