import { Timeframe, type MarketCode } from '@candlekeep/market';
import type { Page } from '../candles/page';
import { readCount, readInteger, readMarket, readRequired, type FindMarket } from './parameters';
import { Refused, REFUSALS } from './reply';
import type { CandleRoute } from './route';
import { parseToInstant } from './to-instant';

const MOST_ROWS = 200;

/** A candle request that the exchange accepts. */
export interface CandleRequest extends Page {
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** Whether day rows end with `converted_trade_price`. */
  readonly withConvertedPrice: boolean;
}

/**
 * Reads route and query as the exchange does: parameters that it does not know are ignored, blank ones count as absent, a count above
 * 200 means 200. Throws {@link Refused} with the exchange's own answer. Form is judged before content, the market last.
 */
export function readCandleRequest(
  route: CandleRoute,
  query: URLSearchParams,
  findMarket: FindMarket,
): CandleRequest {
  const marketText = readRequired(query, 'market');
  const count = readCount(query, { most: MOST_ROWS, unset: 1 });
  const timeframe = readTimeframe(route);
  const beforeMs = readTo(query.get('to') ?? '');
  const withConvertedPrice = timeframe.kind === 'day' && readConversion(query);
  const market = readMarket(marketText, findMarket);
  return { market, timeframe, beforeMs, count, withConvertedPrice };
}

function readTimeframe(route: CandleRoute): Timeframe {
  if (route.kind === 'candles') return Timeframe.parse(route.code);
  const timeframe = Timeframe.findMinutes(readInteger(route.unit));
  if (timeframe === undefined) throw new Refused(REFUSALS.invalidUnit);
  return timeframe;
}

/** An instant in the future selects the newest rows, as no `to` does. */
function readTo(text: string): number {
  if (text === '') return Infinity;
  const beforeMs = parseToInstant(text);
  if (beforeMs === undefined) throw new Refused(REFUSALS.invalidParameter);
  return beforeMs;
}

function readConversion(query: URLSearchParams): boolean {
  const currency = query.get('converting_price_unit') ?? '';
  if (currency !== '' && currency !== 'KRW') throw new Refused(REFUSALS.invalidParameter);
  return currency === 'KRW';
}
