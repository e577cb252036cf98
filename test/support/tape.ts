import { type MarketCode, Timeframe } from '@candlekeep/market';
import type { SeededRandom } from './seeded-random';

/** When one market traded: at the open of some minutes. Rows of every timeframe are numbered without holes, oldest first. */
export interface Tape {
  /** Traded slots of the timeframe that open before the instant. */
  rowsBefore(timeframe: Timeframe, ms: number): number;
  /** The open of a row by its number. */
  openOf(timeframe: Timeframe, row: number): number;
}

export type Tapes = ReadonlyMap<MarketCode, Tape>;

export const MINUTE = Timeframe.parse('1m');

/** Rows that open before `beforeMs` and that an exchange shows at `nowMs`: a slot has no row before its first trade. */
export function rowsShown(
  tape: Tape,
  timeframe: Timeframe,
  { beforeMs, nowMs }: { readonly beforeMs: number; readonly nowMs: number },
): number {
  const minutes = tape.rowsBefore(MINUTE, nowMs + 1);
  if (minutes === 0) return 0;
  const newestMs = tape.openOf(MINUTE, minutes - 1);
  return tape.rowsBefore(timeframe, Math.min(beforeMs, newestMs + 1));
}

/** A market that trades in each minute from its listing on. */
export function busyTape(listedMs: number): Tape {
  const firstSlot = (timeframe: Timeframe): number => timeframe.slotOf(listedMs);
  return {
    // What opens before an instant is what the millisecond before it falls into, and all before that.
    rowsBefore: (timeframe, ms) =>
      Math.max(0, timeframe.slotOf(Math.ceil(ms) - 1) + 1 - firstSlot(timeframe)),
    openOf: (timeframe, row) => timeframe.openOf(firstSlot(timeframe) + row),
  };
}

/** A market that trades in a share of the minutes of a span. */
export function thinTape(
  span: { readonly listedMs: number; readonly untilMs: number },
  share: number,
  random: SeededRandom,
): Tape {
  const minutes: number[] = [];
  for (let at = MINUTE.ceil(span.listedMs); at < span.untilMs; at = MINUTE.closeOf(at)) {
    if (random.chance(share)) minutes.push(at);
  }
  return tapeOf(minutes);
}

/** A market that traded in these minutes (opens, oldest first). */
export function tapeOf(minutes: readonly number[]): Tape {
  const opens = new Map<Timeframe, readonly number[]>();
  const opensOf = (timeframe: Timeframe): readonly number[] => {
    const known = opens.get(timeframe) ?? slotsOf(minutes, timeframe);
    opens.set(timeframe, known);
    return known;
  };
  return {
    rowsBefore: (timeframe, ms) => countBelow(opensOf(timeframe), ms),
    openOf: (timeframe, row) => opensOf(timeframe)[row] ?? Infinity,
  };
}

/** The opens of the slots into which the minutes fall, oldest first. */
function slotsOf(minutes: readonly number[], timeframe: Timeframe): number[] {
  const opens: number[] = [];
  let closeMs = -Infinity;
  for (const at of minutes) {
    if (at < closeMs) continue;
    opens.push(timeframe.floor(at));
    closeMs = timeframe.closeOf(at);
  }
  return opens;
}

/** How many of the ascending numbers are below the bound. */
function countBelow(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
