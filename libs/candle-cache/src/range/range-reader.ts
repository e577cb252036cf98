import type { Clock } from '@candlekeep/clock';
import { BEGINNING_MS, type Candle, slotsWithin, type Timeframe } from '@candlekeep/market';
import { NoProgress } from '../cache-errors';
import type { CandleCache } from '../candle-cache';
import {
  type CandleAnswer,
  type CandleQuery,
  LARGEST_QUERY_ROWS,
  PAGE_ROWS,
} from '../candle-query';
import type { CandleStore } from '../candle-store';
import { SETTLE_MS } from '../page-evidence';
import { CLOCK_SKEW_MS } from '../plan-read';
import { ClosedWalk } from './closed-walk';
import type { RangePortion, RangeQuery } from './range-portion';
import { RangeTally } from './range-tally';

export interface RangeReaderParts {
  readonly cache: Pick<CandleCache, 'read'>;
  readonly store: Pick<CandleStore, 'read' | 'readCoverages' | 'stream'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Rows that are read from L2 at a time. */
const PORTION_ROWS = 5_000;
/** Slots that may begin while a head is on its way, or by another clock. */
const SPARE_SLOTS = 2;
/** A reader who falls behind is caught up with; this often, and it is the clocks or the tiers that are at fault. */
const MAX_ROUNDS = 1_000;

/**
 * Candles beyond what one query holds: ranges of any length, and more newest rows than L1 keeps. Parts join by opens, so that neither a
 * slot that turns between two reads nor a slow reader makes a hole, a double row or a wrong order.
 */
export class RangeReader {
  constructor(private readonly parts: RangeReaderParts) {}

  /**
   * All candles of a range, oldest first, in portions that fit into memory; nothing is read ahead. Rejects as `CandleCache.read`, also
   * in the middle: an end without an error is the range's end.
   */
  async *read(query: RangeQuery): AsyncGenerator<RangePortion, void, void> {
    const { timeframe } = query.series;
    const tally = new RangeTally();
    const walk = new ClosedWalk(query, this.parts, tally);
    let cursorMs = timeframe.ceil(Math.max(BEGINNING_MS, query.fromMs));
    let edgeMs = timeframe.floor(this.parts.clock.nowMs() - SETTLE_MS - CLOCK_SKEW_MS);
    for (let round = 0; cursorMs < query.untilMs; round += 1) {
      const untilMs = Math.min(edgeMs, query.untilMs);
      // The page that shows the present brings what is unknown right below it as well.
      const leaveMs = untilMs < query.untilMs ? this.newestPageMs(timeframe) : Infinity;
      for await (const portion of walk.run({ fromMs: cursorMs, untilMs }, leaveMs)) {
        yield { ...portion, ...this.final(portion.untilMs, tally) };
        cursorMs = portion.untilMs;
      }
      if (cursorMs >= query.untilMs) return;
      query.signal?.throwIfAborted();
      const answer = await this.readNewest(query, cursorMs);
      tally.add(answer);
      const oldestMs = answer.rows.at(-1)?.openMs ?? cursorMs;
      if (oldestMs <= cursorMs || answer.isWhole) {
        yield this.last(query, cursorMs, { ...answer, ...tally.origin });
        return;
      }
      if (oldestMs <= edgeMs || round >= MAX_ROUNDS) throw new NoProgress(query.series, round + 1);
      edgeMs = oldestMs;
    }
  }

  /**
   * As `CandleCache.read`, for any count: what one query cannot hold is taken from L2, and brought there page by page where it lacks.
   * `signal` stops it between two pages.
   */
  async newest(query: CandleQuery, signal?: AbortSignal): Promise<CandleAnswer> {
    const count = Math.min(query.count, LARGEST_QUERY_ROWS);
    const answer = await this.parts.cache.read({ ...query, count });
    const tally = new RangeTally();
    tally.add(answer);
    const rows = [...answer.rows];
    let isWhole = rows.length < count;
    while (rows.length < query.count && !isWhole) {
      signal?.throwIfAborted();
      isWhole = await this.extend(rows, query, tally);
    }
    return { ...answer, rows, ...tally.origin };
  }

  /** Adds what lies right below the oldest row. True when there is nothing more. */
  private async extend(rows: Candle[], query: CandleQuery, tally: RangeTally): Promise<boolean> {
    const { series } = query;
    const lacking = query.count - rows.length;
    const beforeMs = rows.at(-1)?.openMs ?? query.beforeMs;
    const limit = Math.min(lacking, PORTION_ROWS);
    const stored = await this.parts.store.read(series, { beforeMs, limit });
    const run = stored.coverage.contiguousBackFrom(beforeMs);
    const known = stored.rows.filter(({ openMs }) => openMs >= run.fromMs);
    if (known.length > 0) tally.heed('l2');
    rows.push(...known);
    if (known.length === limit) return false;
    if (run.fromMs <= BEGINNING_MS) return true;
    const count = Math.min(lacking - known.length, PAGE_ROWS);
    const page = await this.parts.cache.read({ ...query, beforeMs: run.fromMs, count });
    tally.add(page);
    rows.push(...page.rows);
    return page.rows.length < count;
  }

  /** Everything from the cursor on, if it is not more than one query holds. */
  private async readNewest(
    query: RangeQuery,
    cursorMs: number,
  ): Promise<CandleAnswer & { readonly isWhole: boolean }> {
    const { untilMs } = query;
    const { timeframe } = query.series;
    const presentMs = timeframe.closeOf(this.parts.clock.nowMs());
    const slots = slotsWithin(timeframe, {
      fromMs: cursorMs,
      untilMs: Math.min(untilMs, presentMs),
    });
    const count = Math.min(slots + SPARE_SLOTS, LARGEST_QUERY_ROWS);
    const answer = await this.parts.cache.read({ ...query, beforeMs: untilMs, count });
    return { ...answer, isWhole: answer.rows.length < count };
  }

  private newestPageMs(timeframe: Timeframe): number {
    return timeframe.shift(this.parts.clock.nowMs(), SPARE_SLOTS + 1 - PAGE_ROWS);
  }

  private final(untilMs: number, { origin }: RangeTally) {
    const asOfMs = this.parts.clock.nowMs();
    const fresh = { asOfMs, ageMs: 0, staleMs: 0, insteadOfError: false };
    return { ...origin, finalUntilMs: untilMs, ...fresh };
  }

  private last(query: RangeQuery, cursorMs: number, answer: CandleAnswer): RangePortion {
    const { timeframe } = query.series;
    const rows = answer.rows.filter(({ openMs }) => openMs >= cursorMs).reverse();
    // By the clocks of others the newest candle may be ahead of the instant at which it was seen.
    const seenMs = Math.max(answer.asOfMs, rows.at(-1)?.openMs ?? 0);
    return { ...answer, rows, untilMs: Math.min(query.untilMs, timeframe.closeOf(seenMs)) };
  }
}
