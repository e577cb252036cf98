import { type CandleQuery, LATEST_MS, PAGE_ROWS } from '@candlekeep/candle-cache';
import { type CallerClass, type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import { parseCacheDirectives } from '../cache-directives';
import { refusals } from '../upbit-refusal';
import { parseTo } from './to-parameter';

const MAX_INT32 = 2 ** 31 - 1;

/** A candle request as understood. */
export interface CandleRequest {
  readonly query: CandleQuery;
  /** Days only: the caller wants `converted_trade_price` in each row. */
  readonly withConvertedPrice: boolean;
}

/** The parts of a request that say what is asked. */
export interface AskedCandles {
  /** Reads the timeframe from the path; called when it is its turn to be judged. */
  readonly timeframe: () => Timeframe;
  /** Of a parameter that is given twice the first counts; unknown ones are ignored, blank ones count as absent. */
  readonly parameters: URLSearchParams;
  readonly cacheControl: string | undefined;
  readonly caller: CallerClass;
}

/**
 * Reads a request of the exchange's form; throws the exchange's own refusal for what it would refuse. Form is judged before
 * content, the market last.
 */
export function parseCandleRequest({
  timeframe: readTimeframe,
  parameters,
  cacheControl,
  caller,
}: AskedCandles): CandleRequest {
  const marketText = parameters.get('market');
  if (marketText === null) throw refusals.missingParameter();
  const count = parseCount(parameters.get('count') ?? '');
  const timeframe = readTimeframe();
  const toMs = parseTo(parameters.get('to') ?? '');
  const withConvertedPrice = timeframe.kind === 'day' && parseConversion(parameters);
  return {
    query: {
      series: { market: parseMarket(marketText), timeframe },
      beforeMs: toMs === undefined ? LATEST_MS : boundOf(timeframe, toMs),
      count,
      ...parseCacheDirectives(cacheControl),
      caller,
    },
    withConvertedPrice,
  };
}

/** Reads the unit of a minute path: an integer that the exchange serves. */
export function parseMinuteUnit(text: string): Timeframe {
  const timeframe = Timeframe.findMinutes(parseInteger(text));
  if (timeframe === undefined) throw refusals.invalidUnit();
  return timeframe;
}

/** A bound between two opens selects what the next open does; before 1970 there is nothing, as in its first slot. */
function boundOf(timeframe: Timeframe, toMs: number): number {
  return toMs >= LATEST_MS ? LATEST_MS : timeframe.ceil(Math.max(1, toMs));
}

/** The exchange takes either letter case and answers with the upper-case pair. */
function parseMarket(text: string): MarketCode {
  try {
    return parseMarketCode(text);
  } catch {
    throw refusals.unknownMarket();
  }
}

/** More than a page silently gives a page, as at the exchange. */
function parseCount(text: string): number {
  if (text === '') return 1;
  const count = parseInteger(text);
  if (count < 1) throw refusals.invalidParameter();
  return Math.min(count, PAGE_ROWS);
}

/** 32 bits, as the exchange reads it; anything else is of the wrong type. */
function parseInteger(text: string): number {
  const value = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Infinity;
  if (Math.abs(value) > MAX_INT32) throw refusals.typeMismatch();
  return value;
}

/** Only KRW is served. */
function parseConversion(parameters: URLSearchParams): boolean {
  const unit = parameters.get('converting_price_unit') ?? '';
  if (unit !== '' && unit !== 'KRW') throw refusals.invalidParameter();
  return unit !== '';
}
