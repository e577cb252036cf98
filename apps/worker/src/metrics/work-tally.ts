import type { CandlePage, SavedPage } from '@candlekeep/candle-store';
import { JOB_OUTCOMES, type JobOutcome, type JobTally, QUEUE_NAMES } from '@candlekeep/jobs';
import type { Metrics } from '@candlekeep/telemetry';

const MS_PER_SECOND = 1_000;
/** What a slot was held to be before a correction. */
const HELD = ['native', 'fold', 'stream', 'empty'] as const;

type Held = (typeof HELD)[number];

/** Counts what a worker does: its jobs, and the rows that it keeps. */
export class WorkTally implements JobTally {
  constructor(private readonly metrics: Metrics) {
    // Alerts look at how these grow, so they are told before there is one.
    for (const queue of QUEUE_NAMES)
      for (const outcome of JOB_OUTCOMES) metrics.count('jobs', { queue, outcome });
    for (const was of HELD) metrics.count('correctedRows', { was });
  }

  waited(queue: string, waitedMs: number): void {
    this.metrics.sizesOf('jobWait', { queue }).observe(waitedMs / MS_PER_SECOND);
  }

  ran(queue: string, tookMs: number): void {
    this.metrics.sizesOf('jobDuration', { queue }).observe(tookMs / MS_PER_SECOND);
  }

  ended(queue: string, outcome: JobOutcome): void {
    this.metrics.count('jobs', { queue, outcome }).add();
  }

  /** One page that was kept in Postgres, and what it changed there. */
  readonly kept = (
    { series, provenance }: Pick<CandlePage, 'series' | 'provenance'>,
    { inserted, corrections }: Pick<SavedPage, 'inserted' | 'corrections'>,
  ): void => {
    const timeframe = series.timeframe.code;
    if (inserted > 0) this.metrics.count('storedRows', { timeframe, provenance }).add(inserted);
    for (const { stored, was } of corrections) {
      const held: Held = stored === undefined ? 'empty' : was;
      this.metrics.count('correctedRows', { was: held }).add();
    }
  };
}
