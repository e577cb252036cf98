import type { SlotSums } from './slot-rates';

/** Sums are kept to a fiftieth; two digits to the base 36 hold up to 25.9, more than any sum can reach. */
const PARTS = 50;
const MOST = 36 ** 2 - 1;
/** Every number that a sum can be kept as, written. */
const PAIRS = Array.from({ length: MOST + 1 }, (_, parts) => parts.toString(36).padStart(2, '0'));
const LENGTHS = [24, 24, 7, 7];
const DIGITS = 2 * LENGTHS.reduce((sum, length) => sum + length, 0);

/** Sums as text of fixed length: hits and misses by hour, hits and expected by weekday. */
export function sumsText({ hits, misses, dayHits, dayExpected }: SlotSums): string {
  let text = '';
  for (const sums of [hits, misses, dayHits, dayExpected]) {
    for (const sum of sums) text += digitsOf(sum);
  }
  return text;
}

/** Reads {@link sumsText}; undefined for another text. */
export function findSums(text: string): SlotSums | undefined {
  if (text.length !== DIGITS || !/^[0-9a-z]+$/.test(text)) return undefined;
  const all = (text.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 36) / PARTS);
  return {
    hits: all.slice(0, 24),
    misses: all.slice(24, 48),
    dayHits: all.slice(48, 55),
    dayExpected: all.slice(55),
  };
}

function digitsOf(sum: number): string {
  return PAIRS[Math.min(MOST, Math.round(sum * PARTS))] ?? '00';
}
