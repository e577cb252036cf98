import {
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import type { FetchRequester, FoldJob, HeadJob, PageJob } from '@candlekeep/jobs';

/** The way to what the tiers lack from a gateway: a fetch job, run by whichever worker takes it. */
export class QueueCandleSource extends CandleSource {
  constructor(private readonly requester: FetchRequester) {
    super();
  }

  override async load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome> {
    const { kind, collapsed } = await this.requester.request(jobOf(target), demand);
    return { kind: kind === 'done' ? 'loaded' : 'no-word', collapsed };
  }
}

/** The job that brings what is wanted. */
export function jobOf(target: LoadTarget): HeadJob | PageJob | FoldJob {
  const { market, timeframe } = target.series;
  const series = { market, timeframe: timeframe.code };
  switch (target.kind) {
    case 'head':
      return { kind: 'head', ...series, freshSinceMs: Math.max(0, target.freshSinceMs) };
    case 'page':
    case 'fold':
      return { kind: target.kind, ...series, untilMs: target.untilMs };
  }
}
