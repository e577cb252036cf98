import type { CandleStore, UnverifiedStretch } from '@candlekeep/candle-cache';
import { VERIFIED_AFTER_MS } from '@candlekeep/candle-store';
import type { Clock } from '@candlekeep/clock';
import { CandlekeepError, type Series, seriesName } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { doubtsAfter, findDuePage } from './due-page';
import type { PageQuestion, PageReader } from './page-reader';
import {
  NOTHING_RECONCILED,
  type ReconciliationCounts,
  type ReconciliationTotals,
} from './reconciliation-totals';

export interface ReconcilerParts {
  readonly store: CandleStore;
  readonly reader: PageReader;
  readonly totals: Pick<ReconciliationTotals, 'add'>;
  /** The cache server's time, epoch ms. */
  readonly nowMs: () => Promise<number>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Pages of one round. A round a minute, so at most 5 % of the exchange's ten calls a second. */
const PAGES_A_ROUND = 30;
/** Series of one look into the store, which is repeated until enough are due. */
const SERIES_A_LOOK = 200;
/** A series whose page was refused or did not come waits for so long, ms, so that it does not keep others from their turn. */
const SETBACK_MS = 30 * 60_000;
/** A market that is not listed, with all its series. It was probably delisted for good. */
const UNLISTED_SETBACK_MS = 24 * 3_600_000;

/**
 * Looks again, natively, at what is stored but folded, streamed or read too soon after its close. What differs is repaired by the
 * read itself, logged there and counted here.
 */
export class Reconciler {
  /** By series name or market, the monotonic time before which it is left alone; of this process only. */
  private readonly setbacks = new Map<string, number>();

  constructor(private readonly parts: ReconcilerParts) {}

  /** One round; resolves with what it did. A page that fails does not stop the others. */
  async run(signal: AbortSignal): Promise<ReconciliationCounts> {
    const beforeMs = (await this.parts.nowMs()) - VERIFIED_AFTER_MS;
    let counts = { ...NOTHING_RECONCILED, runs: 1 };
    for (let stretches = await this.findDue(beforeMs); stretches.length > 0;) {
      const left: UnverifiedStretch[] = [];
      for (const stretch of stretches) {
        const question = findDuePage(stretch, beforeMs);
        if (question === undefined || this.isSetBack(stretch.series)) continue;
        if (counts.pages + counts.failures >= PAGES_A_ROUND) break;
        const outcome = await this.readAgain(question, signal);
        counts = add(counts, outcome.counts);
        if (outcome.covered !== undefined) left.push(doubtsAfter(stretch, outcome.covered));
      }
      stretches = left;
    }
    await this.parts.totals.add(counts);
    if (counts.pages + counts.failures > 0)
      this.parts.log.info('reconciled stored candles', { ...counts });
    return counts;
  }

  /**
   * As many stretches with a page that is due as a round has pages, the oldest doubt first. Doubts that are not due, or set back,
   * may be older than all that are, so it looks on behind them.
   */
  private async findDue(beforeMs: number): Promise<readonly UnverifiedStretch[]> {
    const nowMs = this.parts.clock.monotonicMs();
    for (const [name, untilMs] of this.setbacks) if (untilMs <= nowMs) this.setbacks.delete(name);
    const due: UnverifiedStretch[] = [];
    let after: UnverifiedStretch | undefined;
    do {
      const query = { beforeMs, limit: SERIES_A_LOOK, ...(after === undefined ? {} : { after }) };
      const found = await this.parts.store.findUnverified(query);
      due.push(...found.filter((stretch) => this.isDue(stretch, beforeMs)));
      after = found.length < SERIES_A_LOOK ? undefined : found.at(-1);
    } while (after !== undefined && due.length < PAGES_A_ROUND);
    return due;
  }

  private isDue(stretch: UnverifiedStretch, beforeMs: number): boolean {
    return !this.isSetBack(stretch.series) && findDuePage(stretch, beforeMs) !== undefined;
  }

  private isSetBack(series: Series): boolean {
    return this.setbacks.has(series.market) || this.setbacks.has(seriesName(series));
  }

  private async readAgain(question: PageQuestion, signal: AbortSignal) {
    try {
      const { covered, rows, calls, corrections } = await this.parts.reader.readPage(
        question,
        signal,
      );
      const read = { pages: 1, calls, rows: rows.length, differences: corrections };
      return { counts: { ...NOTHING_RECONCILED, ...read }, covered };
    } catch (error) {
      signal.throwIfAborted();
      this.setBack(question.series, error);
      return { counts: { ...NOTHING_RECONCILED, failures: 1 } };
    }
  }

  private setBack(series: Series, error: unknown): void {
    const { clock, log } = this.parts;
    const isUnlisted = error instanceof CandlekeepError && error.code === 'UNKNOWN_MARKET';
    const name = isUnlisted ? series.market : seriesName(series);
    const pause = isUnlisted ? UNLISTED_SETBACK_MS : SETBACK_MS;
    this.setbacks.set(name, clock.monotonicMs() + pause);
    log.warn(`${name} could not be reconciled, it waits for ${pause / 60_000} minutes`, { error });
  }
}

function add(a: ReconciliationCounts, b: ReconciliationCounts): ReconciliationCounts {
  return {
    runs: a.runs + b.runs,
    pages: a.pages + b.pages,
    calls: a.calls + b.calls,
    rows: a.rows + b.rows,
    differences: a.differences + b.differences,
    failures: a.failures + b.failures,
  };
}
