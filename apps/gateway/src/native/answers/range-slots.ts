import type { CandleCache, RangePortion, RangeQuery, RangeReader } from '@candlekeep/candle-cache';
import { BEGINNING_MS, type Candle } from '@candlekeep/market';
import { type CandleSlot, type Fill, SlotFiller, sparseSlots } from '../candle-slot';

/** Slots of a range, and the portion that they are of. */
export interface SlotPortion {
  /** Oldest first. */
  readonly slots: readonly CandleSlot[];
  readonly portion: RangePortion;
}

export interface RangeSlotsParts {
  readonly candles: Pick<CandleCache, 'read'>;
  readonly ranges: Pick<RangeReader, 'read'>;
}

interface AskedRange {
  readonly query: RangeQuery;
  readonly closed: boolean;
  readonly fill: Fill;
}

/**
 * The slots of a range, oldest first, a portion at a time. Filled ones begin where the range does, or with the first candle where
 * history begins within it.
 */
export async function* rangeSlots(
  { query, closed, fill }: AskedRange,
  parts: RangeSlotsParts,
): AsyncGenerator<SlotPortion, void, void> {
  query.signal?.throwIfAborted();
  const filler = fill === 'sparse' ? undefined : await openFiller(query, fill, parts);
  for await (const portion of parts.ranges.read(query)) {
    const untilMs = closed ? Math.min(portion.untilMs, portion.finalUntilMs) : portion.untilMs;
    const rows = portion.rows.filter(({ openMs }) => openMs < untilMs);
    if (filler === undefined) yield { slots: sparseSlots(rows), portion };
    else for (const slots of filler.fill(rows, untilMs)) yield { slots, portion };
  }
}

/** The close before the range is what its first slots carry; that there is none says that history begins later. */
async function openFiller(
  { fromMs, ...terms }: RangeQuery,
  fill: Exclude<Fill, 'sparse'>,
  { candles }: RangeSlotsParts,
): Promise<SlotFiller> {
  const { timeframe } = terms.series;
  const before = await findBefore({ fromMs, ...terms }, candles);
  const start = before === undefined ? undefined : fromMs;
  return new SlotFiller({ timeframe, fill, fromMs: start, close: before?.close });
}

async function findBefore(
  { fromMs, ...terms }: RangeQuery,
  candles: RangeSlotsParts['candles'],
): Promise<Candle | undefined> {
  if (fromMs <= BEGINNING_MS) return undefined;
  const { rows } = await candles.read({ ...terms, beforeMs: fromMs, count: 1 });
  return rows[0];
}
