import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { z } from 'zod';

/** What a caller asks; the fields are those of a usage note. The caller's name has no blanks. */
export interface UsageQuestion {
  readonly caller: string;
  readonly series: Series;
  readonly count: number;
  readonly back: number;
  readonly maxAgeMs: number;
}

const words = z.tuple([
  z.string(),
  z.string().transform(parseMarketCode),
  z.string().transform((code) => Timeframe.parse(code)),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
]);

/** `desk KRW-BTC 15m 200 0 1000`: caller, market, timeframe, count, back, greatest age. Equal questions have equal texts. */
export function questionText(question: UsageQuestion): string {
  const { caller, series, count, back, maxAgeMs } = question;
  return `${caller} ${series.market} ${series.timeframe.code} ${count} ${back} ${maxAgeMs}`;
}

/** Reads {@link questionText}; throws for any other text. */
export function parseQuestion(text: string): UsageQuestion {
  const [caller, market, timeframe, count, back, maxAgeMs] = words.parse(text.split(' '));
  return { caller, series: { market, timeframe }, count, back, maxAgeMs };
}
