import { malformed } from './exact-json';
import type { ExchangeAnswer } from './exchange-transport';

/**
 * When the exchange wrote the answer, by its own clock: the `Date` header, epoch ms, a whole second rounded down.
 * Throws {@link ExchangeMalformed} when it is missing or unreadable: without it no candle can be called final.
 */
export function readAtMs(answer: ExchangeAnswer): number {
  const text = answer.header('date') ?? '';
  const epochMs = Date.parse(text);
  // The one form that HTTP servers may send; Date.parse alone would also take "1".
  if (!Number.isNaN(epochMs) && new Date(epochMs).toUTCString() === text) return epochMs;
  throw malformed(answer, `its Date header is "${text}"`);
}

/**
 * Calls left in the exchange's current second after this one: `sec` of `Remaining-Req`, in any order, letter case and
 * spacing; the smallest when it is said twice. Undefined when it is not said. `min` is a constant and means nothing.
 */
export function findRemainingInSecond({ header }: ExchangeAnswer): number | undefined {
  const pairs = (header('remaining-req') ?? '').split(/[;,]/);
  const stated = pairs.flatMap((pair) => SECONDS_LEFT.exec(pair)?.[1] ?? []).map(Number);
  return stated.length === 0 ? undefined : Math.min(...stated);
}

const SECONDS_LEFT = /^\s*sec\s*=\s*(\d{1,4})\s*$/i;
