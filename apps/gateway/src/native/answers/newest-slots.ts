import type { CandleAnswer, CandleQuery } from '@candlekeep/candle-cache';
import type { Candle } from '@candlekeep/market';
import { type CandleSlot, type Fill, SlotFiller, sparseSlots } from '../candle-slot';
import type { Shortness } from '../forms/body-form';

/** What is told of so many newest slots or candles. */
export interface ToldSlots {
  /** Oldest first. */
  readonly slots: readonly CandleSlot[];
  readonly finalCount: number;
  readonly short: Shortness | null;
}

interface Asked {
  /** `count` slots are wanted, and as many candles were asked for. */
  readonly query: CandleQuery;
  readonly closed: boolean;
  readonly fill: Fill;
}

/** The slots that answer a question for the newest. */
export function newestSlots({ query, closed, fill }: Asked, answer: CandleAnswer): ToldSlots {
  const { finalUntilMs } = answer;
  const rows = answer.rows.filter(({ openMs }) => !closed || openMs < finalUntilMs).reverse();
  const slots =
    fill === 'sparse' ? sparseSlots(rows) : filled({ query, closed, fill }, answer, rows);
  return told(slots.slice(-query.count), query.count, finalUntilMs);
}

/** Slots with what is said of them; where they are fewer than wanted, history begins. */
export function told(
  slots: readonly CandleSlot[],
  wanted: number,
  finalUntilMs: number,
): ToldSlots {
  const got = slots.length;
  return {
    slots,
    finalCount: countFinals(slots, finalUntilMs),
    short: got < wanted ? { wanted, got, reason: 'history-begins' } : null,
  };
}

/** How many slots, oldest first, open before the instant. */
export function countFinals(slots: readonly CandleSlot[], finalUntilMs: number): number {
  let count = slots.length;
  while (count > 0 && (slots[count - 1]?.openMs ?? 0) >= finalUntilMs) count -= 1;
  return count;
}

/**
 * Every slot up to the bound, or to the one that was forming when the answer was seen. As many candles as slots are in hand: so either
 * one lies before the first slot, or all slots are traded, or history begins.
 */
function filled(
  { query, closed, fill }: Asked & { readonly fill: Exclude<Fill, 'sparse'> },
  answer: CandleAnswer,
  rows: readonly Candle[],
): readonly CandleSlot[] {
  const { timeframe } = query.series;
  const presentMs = timeframe.closeOf(Math.max(answer.asOfMs, rows.at(-1)?.openMs ?? 0));
  const endMs = Math.min(query.beforeMs, closed ? answer.finalUntilMs : presentMs);
  const fromMs = timeframe.shift(endMs, -query.count);
  const before = rows.findLast(({ openMs }) => openMs < fromMs);
  const start = before === undefined ? undefined : fromMs;
  const filler = new SlotFiller({ timeframe, fill, fromMs: start, close: before?.close });
  const within = rows.filter(({ openMs }) => openMs >= fromMs && openMs < endMs);
  return [...filler.fill(within, endMs)].flat();
}
