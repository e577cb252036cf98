import { PAGE_ROWS } from '@candlekeep/candle-cache';
import { CandlekeepError } from '@candlekeep/market';
import { analyseStrategy, type SeriesNeed, type StrategyBook } from '@candlekeep/strategies';
import type { Logger } from '@candlekeep/telemetry';
import { RESERVES } from '../budget/reserves';
import { eachOf } from '../each-of';
import { PreloadBudgetSpent } from '../warm/preload-errors';
import type { Warmed, Warmer } from '../warm/warmer';
import type { PreloadRun } from './preload-run';
import type { RunBook } from './run-book';

export interface RunRunnerParts {
  readonly book: Pick<RunBook, 'find' | 'advance' | 'holdUp' | 'end'>;
  readonly strategies: Pick<StrategyBook, 'find'>;
  readonly warmer: Pick<Warmer, 'warmDepth'>;
  readonly log: Logger;
}

/** Told after each page. */
export type OnProgress = (done: number, total: number) => Promise<void>;

/** Series at once: their pages wait for the exchange side by side, and nobody else's do behind them. */
const SERIES_AT_ONCE = 4;
/** Nobody waits for a page of a run. */
const TERMS = { reserve: RESERVES.run, patienceMs: 30_000 };

/**
 * Brings what a strategy needs: for each series the newest rows, then older pages. May be run by two workers at once, or again
 * after a kill: pages that are known cost nothing, and what is at hand never becomes less.
 */
export class RunRunner {
  constructor(private readonly parts: RunRunnerParts) {}

  /** Ends when the run has ended, for whatever reason, or waits for the budget; rejects when it should be tried again. */
  async run(runId: string, signal: AbortSignal, onProgress: OnProgress): Promise<void> {
    const run = await this.parts.book.find(runId);
    if (run?.state !== 'running') return;
    try {
      const stored = await this.parts.strategies.find(run.strategyId);
      if (stored?.isActive === true) {
        await this.bring(run, analyseStrategy(stored.strategy), { signal, onProgress });
        return;
      }
      await this.parts.book.end(runId, 'cancelled', 'the strategy is not active any more');
    } catch (error) {
      signal.throwIfAborted();
      await this.heed(run, error);
    }
  }

  private async bring(
    { id, strategyId }: PreloadRun,
    needs: readonly SeriesNeed[],
    { signal, onProgress }: { signal: AbortSignal; onProgress: OnProgress },
  ): Promise<void> {
    const ended = new AbortController();
    const stop = AbortSignal.any([signal, ended.signal]);
    const total = needs.reduce((sum, need) => sum + pagesOf(need), 0);
    let done = 0;
    const step = async (pages: number, { calls }: Pick<Warmed, 'calls'>): Promise<void> => {
      // Others go on while this is written.
      const doneBy = (done += pages);
      const now = await this.parts.book.advance(id, { total, done: doneBy, calls });
      if (now === undefined) ended.abort();
      await onProgress(doneBy, total);
    };
    await step(0, { calls: 0 });
    await eachOf(needs, SERIES_AT_ONCE, async (need) => {
      await this.bringSeries(need, stop, step);
    });
    signal.throwIfAborted();
    if (ended.signal.aborted) return;
    await this.parts.book.end(id, 'done');
    this.parts.log.info('what a strategy needs is at hand', { strategyId, pages: total });
  }

  /** History that ends before the need is met leaves pages that do not exist: they count as done. */
  private async bringSeries(
    need: SeriesNeed,
    stop: AbortSignal,
    step: (pages: number, warmed: Pick<Warmed, 'calls'>) => Promise<void>,
  ): Promise<void> {
    const { warmer } = this.parts;
    let left = pagesOf(need);
    try {
      for await (const page of warmer.warmDepth(need, stop, TERMS)) {
        left -= 1;
        await step(1, page);
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
    if (!stop.aborted && left > 0) await step(left, { calls: 0 });
  }

  /** Whoever keeps runs going brings one that waits for the budget again soon: that is no failure. */
  private async heed({ id: runId, strategyId }: PreloadRun, error: unknown): Promise<void> {
    const { book } = this.parts;
    const reason = error instanceof Error ? error.message : String(error);
    const isFinal = error instanceof CandlekeepError && !error.retryable;
    if (isFinal) {
      await book.end(runId, 'failed', reason);
      this.parts.log.warn('what a strategy needs cannot be brought', {
        ...{ runId, strategyId, reason },
      });
    } else {
      await book.holdUp(runId, reason);
    }
    if (!isFinal && !(error instanceof PreloadBudgetSpent)) throw error;
  }
}

function pagesOf({ candles }: SeriesNeed): number {
  return Math.ceil(candles / PAGE_ROWS);
}
