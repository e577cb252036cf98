import { Timeframe, type MarketCode } from '@candlekeep/market';
import type { Page } from '../candles/page';
import { Refused, REFUSALS } from './reply';
import type { Route } from './route';
import { parseToInstant } from './to-instant';

const MOST_ROWS = 200;
const INTEGER = /^[+-]?\d{1,10}$/;
const MOST_INTEGER = 2 ** 31 - 1;

/** A candle request that the exchange accepts. */
export interface CandleRequest extends Page {
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** Whether day rows end with `converted_trade_price`. */
  readonly withConvertedPrice: boolean;
}

/** Turns the text of a market into the code of a listed one, or undefined. */
export type FindMarket = (text: string) => MarketCode | undefined;

/**
 * Reads route and query as the exchange does: parameters that it does not know are ignored, blank ones count as absent, a count above
 * 200 means 200. Throws {@link Refused} with the exchange's own answer. Form is judged before content, the market last.
 */
export function readCandleRequest(
  route: Exclude<Route, { kind: 'markets' }>,
  query: URLSearchParams,
  findMarket: FindMarket,
): CandleRequest {
  const marketText = query.get('market');
  if (marketText === null) throw new Refused(REFUSALS.missingParameter);
  const count = readCount(query.get('count') ?? '');
  const timeframe = readTimeframe(route);
  const beforeMs = readTo(query.get('to') ?? '');
  const withConvertedPrice = timeframe.kind === 'day' && readConversion(query);
  const market = findMarket(marketText);
  if (market === undefined) throw new Refused(REFUSALS.unknownMarket);
  return { market, timeframe, beforeMs, count, withConvertedPrice };
}

function readCount(text: string): number {
  if (text === '') return 1;
  const count = readInteger(text);
  if (count < 1) throw new Refused(REFUSALS.invalidParameter);
  return Math.min(count, MOST_ROWS);
}

function readTimeframe(route: Exclude<Route, { kind: 'markets' }>): Timeframe {
  if (route.kind === 'candles') return Timeframe.parse(route.code);
  const timeframe = Timeframe.findMinutes(readInteger(route.unit));
  if (timeframe === undefined) throw new Refused(REFUSALS.invalidUnit);
  return timeframe;
}

/** 32-bit, as in the exchange's language; everything else is of the wrong type. */
function readInteger(text: string): number {
  const value = INTEGER.test(text) ? Number(text) : NaN;
  if (!(Math.abs(value) <= MOST_INTEGER)) throw new Refused(REFUSALS.wrongType);
  return value;
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
