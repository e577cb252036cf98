import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { UsageNote } from '../src/usage-note';

/** A note of one usual question; what a test is about is given. */
export function noteOf(
  atMs: number,
  given: Partial<UsageNote> & { market?: string } = {},
): UsageNote {
  const { market = 'KRW-BTC', ...fields } = given;
  const series = { market: parseMarketCode(market), timeframe: Timeframe.parse('15m') };
  const usual = { caller: 'bot', series, count: 60, back: 0, maxAgeMs: 1_000, times: 1 };
  return { ...usual, ...fields, atMs };
}
