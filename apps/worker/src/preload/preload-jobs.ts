import type { PreloadJob } from '@candlekeep/jobs';
import { assertNever, parseMarketCode, Timeframe } from '@candlekeep/market';
import {
  type OnProgress,
  RESERVES,
  type Rounds,
  type RunRunner,
  type Warmer,
} from '@candlekeep/preloader';

export interface PreloadJobsParts {
  readonly runner: RunRunner;
  readonly rounds: Rounds;
  readonly warmer: Warmer;
  /** The queue server's time, epoch ms: wishes are dated by it. */
  readonly nowMs: () => Promise<number>;
}

const PATIENCE_MS = 8_000;

type Wish = Extract<PreloadJob, { kind: 'wish' }>;

/** What a worker does for each kind of preload job. */
export class PreloadJobs {
  constructor(private readonly parts: PreloadJobsParts) {}

  async run(job: PreloadJob, signal: AbortSignal, onProgress: OnProgress): Promise<void> {
    const { runner, rounds } = this.parts;
    switch (job.kind) {
      case 'run':
        await runner.run(job.runId, signal, onProgress);
        return;
      case 'timeframe':
        await rounds.close(Timeframe.parse(job.timeframe), signal);
        return;
      case 'hourly':
        await rounds.hour(signal);
        return;
      case 'daily':
        await rounds.day(signal);
        return;
      case 'wish':
        await this.grant(job, signal);
        return;
      default:
        assertNever(job);
    }
  }

  /** What comes after its time serves nobody. */
  private async grant(wish: Wish, signal: AbortSignal): Promise<void> {
    const { market, timeframe, count, back, maxAgeMs, untilMs, source } = wish;
    const { warmer, nowMs } = this.parts;
    const series = { market: parseMarketCode(market), timeframe: Timeframe.parse(timeframe) };
    const patienceMs = Math.min(PATIENCE_MS, Math.max(1, untilMs - (await nowMs())));
    try {
      const terms = { reserve: RESERVES[source], patienceMs, signal };
      await warmer.warm({ series, count, back, maxAgeMs, untilMs }, terms);
    } catch (error) {
      signal.throwIfAborted();
      warmer.spare(error, series);
    }
  }
}
