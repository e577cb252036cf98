import { type CandleQuery, LATEST_MS, PAGE_ROWS } from '@candlekeep/candle-cache';
import { isMarketCode, type Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { refusals } from '../upbit-refusal';
import { parseCacheDirectives } from './cache-directives';
import { parseTo } from './to-parameter';

/** Query parameters of the candle endpoints, as text; one that is given twice is refused, unknown ones are ignored. */
const parameters = z.object({
  market: z.string().optional(),
  to: z.string().optional(),
  count: z.string().optional(),
  converting_price_unit: z.string().optional(),
});

/** A candle request as understood. */
export interface CandleRequest {
  readonly query: CandleQuery;
  /** Days only: the caller wants `converted_trade_price` in each row. */
  readonly withConvertedPrice: boolean;
}

/** Reads a request of the exchange's form; throws the exchange's own refusal for what it would refuse. */
export function parseCandleRequest(
  timeframe: Timeframe,
  rawQuery: unknown,
  cacheControl: string | undefined,
): CandleRequest {
  const given = parameters.safeParse(rawQuery);
  if (!given.success) throw refusals.invalidParameter();
  const toMs = parseTo(given.data.to);
  return {
    query: {
      series: { market: parseMarket(given.data.market), timeframe },
      beforeMs: toMs === undefined ? LATEST_MS : timeframe.ceil(toMs),
      count: parseCount(given.data.count),
      ...parseCacheDirectives(cacheControl),
    },
    withConvertedPrice: parseConversion(given.data),
  };
}

function parseMarket(text: string | undefined) {
  if (text === undefined) throw refusals.missingParameter();
  const market = text.toUpperCase();
  if (!isMarketCode(market)) throw refusals.unknownMarket();
  return market;
}

/** More than a page silently gives a page, as at the exchange. */
function parseCount(text = '1'): number {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw refusals.typeMismatch();
  const count = Number(text);
  if (count < 1) throw refusals.invalidParameter();
  return Math.min(count, PAGE_ROWS);
}

/** Only KRW is served, and of a KRW market the converted price is null; other quotes would need a rate of the day. */
function parseConversion({
  converting_price_unit: unit,
  market = '',
}: z.infer<typeof parameters>): boolean {
  if (unit === undefined || unit === '') return false;
  if (unit !== 'KRW' || !market.toUpperCase().startsWith('KRW-')) throw refusals.invalidParameter();
  return true;
}
