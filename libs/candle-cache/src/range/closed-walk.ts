import { Coverage, isEmptyRange, slotsWithin, type TimeRange } from '@candlekeep/market';
import type { CandleCache } from '../candle-cache';
import { PAGE_ROWS } from '../candle-query';
import type { CandleStore, StoredCoverage } from '../candle-store';
import { tileOf } from '../tile';
import type { RangePortion, RangeQuery } from './range-portion';
import type { RangeTally } from './range-tally';

export interface WalkParts {
  readonly cache: Pick<CandleCache, 'read'>;
  readonly store: Pick<CandleStore, 'readCoverages' | 'stream'>;
}

type ClosedPortion = Pick<RangePortion, 'rows' | 'untilMs'>;

const NOTHING_STORED: StoredCoverage = { coverage: Coverage.EMPTY, revision: 0 };

/** Slots: a hole of this length is one page's work on a market that trades in each fifth. On a busy one it is five, from either end. */
const FIRST_REACH = 5 * PAGE_ROWS;

/** Closed candles of a range, upwards: what L2 covers is streamed, what it lacks is brought there first, page by page. */
export class ClosedWalk {
  private known = NOTHING_STORED;
  /** How many slots a page is expected to reach back: many on a thin market. */
  private reach = FIRST_REACH;

  constructor(
    private readonly query: RangeQuery,
    private readonly parts: WalkParts,
    private readonly tally: RangeTally,
  ) {}

  /**
   * Portions that join without a gap, from `fromMs` on. Ends before `untilMs` at a hole that begins at or after `leaveMs`, or where it
   * comes to what may still change.
   */
  async *run(
    { fromMs, untilMs }: TimeRange,
    leaveMs = Infinity,
  ): AsyncGenerator<ClosedPortion, void, void> {
    let cursorMs = fromMs;
    if (cursorMs >= untilMs) return;
    this.known = await this.look();
    while (cursorMs < untilMs) {
      this.query.signal?.throwIfAborted();
      const [hole] = this.known.coverage.gapsWithin({ fromMs: cursorMs, untilMs });
      const run = { fromMs: cursorMs, untilMs: hole?.fromMs ?? untilMs };
      if (isEmptyRange(run)) {
        if (hole === undefined || hole.fromMs >= leaveMs) return;
        if (await this.bring(hole)) continue;
        const portion = await this.borrow(hole);
        if (portion === undefined) return;
        yield portion;
        cursorMs = portion.untilMs;
        continue;
      }
      for await (const portion of this.stored(run)) {
        yield portion;
        cursorMs = portion.untilMs;
      }
    }
  }

  /**
   * What L2 holds of a covered run. Its stream is no snapshot: a portion counts when the revision did not move while it was read, since
   * then nothing was changed or taken away, and what was added lies beyond. Otherwise it ends early, with the knowledge of now.
   */
  private async *stored(run: TimeRange): AsyncGenerator<ClosedPortion, void, void> {
    const { series } = this.query;
    let reachedMs = run.fromMs;
    for await (const rows of this.parts.store.stream(series, run)) {
      if (await this.hasMoved()) return;
      reachedMs = series.timeframe.closeOf(rows.at(-1)?.openMs ?? reachedMs);
      this.tally.heed('l2');
      yield { rows, untilMs: Math.min(reachedMs, run.untilMs) };
    }
    if (reachedMs >= run.untilMs || (await this.hasMoved())) return;
    yield { rows: [], untilMs: run.untilMs };
  }

  private async hasMoved(): Promise<boolean> {
    const { revision } = this.known;
    this.known = await this.look();
    return this.known.revision !== revision;
  }

  private async look(): Promise<StoredCoverage> {
    const { market, timeframe } = this.query.series;
    const stored = await this.parts.store.readCoverages(market);
    return stored.get(timeframe.code) ?? NOTHING_STORED;
  }

  /** Has the newest unknown slots of the hole's first part loaded: one candle is asked for, a whole page comes. False if that was of no use. */
  private async bring(hole: TimeRange): Promise<boolean> {
    const { timeframe } = this.query.series;
    const lastTileMs = timeframe.shift(hole.fromMs, this.reach - PAGE_ROWS);
    const endMs = Math.min(hole.untilMs, tileOf(timeframe, lastTileMs).untilMs);
    this.tally.add(await this.parts.cache.read({ ...this.query, beforeMs: endMs, count: 1 }));
    this.known = await this.look();
    const gained = this.known.coverage.contiguousBackFrom(endMs);
    this.reach =
      gained.fromMs <= hole.fromMs
        ? this.reach * 2
        : Math.max(PAGE_ROWS, slotsWithin(timeframe, gained));
    return !isEmptyRange(gained);
  }
  /** What L1 knows at the hole's beginning and L2 has lost; undefined where it may still change. */
  private async borrow(hole: TimeRange): Promise<ClosedPortion | undefined> {
    const { timeframe } = this.query.series;
    const untilMs = Math.min(hole.untilMs, tileOf(timeframe, hole.fromMs).untilMs);
    const count = slotsWithin(timeframe, { fromMs: hole.fromMs, untilMs });
    const answer = await this.parts.cache.read({ ...this.query, beforeMs: untilMs, count });
    if (answer.finalUntilMs < untilMs) return undefined;
    this.tally.add(answer);
    const rows = answer.rows.filter(({ openMs }) => openMs >= hole.fromMs).reverse();
    return { rows, untilMs };
  }
}
