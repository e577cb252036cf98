import { InvalidValue, type Series } from '@candlekeep/market';

/** One question that a caller asked, or several equal ones merged. */
export interface UsageNote {
  /** Who asked, in its own words; 1..64 characters. */
  readonly caller: string;
  readonly series: Series;
  /** Rows asked for, 1..200. */
  readonly count: number;
  /** Slots between the end of the present slot and the page's end: 0 = the newest rows, the forming one included. */
  readonly back: number;
  /** Oldest answer the caller accepts, ms. */
  readonly maxAgeMs: number;
  /** When it was asked, epoch ms of the queue server's clock. */
  readonly atMs: number;
  /** Equal questions that this note stands for, 1 or more. */
  readonly times: number;
}

/** Longest name of a caller, characters. */
const MAX_CALLER_LENGTH = 64;
/** Largest page, rows. */
const MAX_NOTE_COUNT = 200;

/** Returns `note`; throws {@link InvalidValue} that names the field which no note can have, and what it may be. */
export function checkedNote(note: UsageNote): UsageNote {
  const { caller, count, back, maxAgeMs, atMs, times } = note;
  const length = caller.length;
  demand(
    length >= 1 && length <= MAX_CALLER_LENGTH,
    'caller',
    `1..${MAX_CALLER_LENGTH} characters, not ${length}`,
  );
  demand(
    isWhole(count, 1) && count <= MAX_NOTE_COUNT,
    'count',
    `1..${MAX_NOTE_COUNT} rows, not ${count}`,
  );
  demand(isWhole(back, 0), 'back', `a whole number of slots from 0, not ${back}`);
  demand(
    maxAgeMs >= 0 && Number.isFinite(maxAgeMs),
    'maxAgeMs',
    `milliseconds from 0, not ${maxAgeMs}`,
  );
  demand(isWhole(atMs, 0), 'atMs', `whole epoch milliseconds, not ${atMs}`);
  demand(isWhole(times, 1), 'times', `a whole number from 1, not ${times}`);
  return note;
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function demand(holds: boolean, field: string, expected: string): void {
  if (!holds) throw new InvalidValue(`a usage note's ${field} is ${expected}`);
}
