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

/** Calls left in the exchange's current second after this one, from `Remaining-Req`; undefined when it does not say. */
export function findRemainingInSecond({ header }: ExchangeAnswer): number | undefined {
  const match = /(?:^|;)\s*sec=(\d{1,4})\s*(?:;|$)/.exec(header('remaining-req') ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
