import { Timeframe, type MarketCode } from '@candlekeep/market';
import type { TradePage } from '../quotes/trade-row';
import { readCount, readInteger, readMarket, readRequired, type FindMarket } from './parameters';
import { Refused, REFUSALS } from './reply';

const MOST_ROWS = 500;
const MOST_DAYS_AGO = 7;
const DAY = Timeframe.parse('1d');
const CURSOR = /^\d{1,18}$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)$/;

/** A request for executed trades that the exchange accepts. */
export interface TradesRequest extends TradePage {
  readonly market: MarketCode;
}

/**
 * Reads the query of `/v1/trades/ticks`: the trades of today, or of the day `days_ago`, before the time of day `to` (exclusive) and
 * before the id `cursor`. Blank parameters count as absent. Throws {@link Refused}.
 */
export function readTradesRequest(
  query: URLSearchParams,
  findMarket: FindMarket,
  nowMs: number,
): TradesRequest {
  const marketText = readRequired(query, 'market');
  const count = readCount(query, { most: MOST_ROWS, unset: 1 });
  const dayMs = DAY.shift(nowMs, -readDaysAgo(query.get('days_ago') ?? ''));
  const untilMs = readTimeOfDay(query.get('to') ?? '', dayMs);
  const beforeId = readCursor(query.get('cursor') ?? '');
  return { market: readMarket(marketText, findMarket), dayMs, untilMs, beforeId, count };
}

function readDaysAgo(text: string): number {
  if (text === '') return 0;
  const days = readInteger(text);
  if (days < 1 || days > MOST_DAYS_AGO) throw new Refused(REFUSALS.invalidParameter);
  return days;
}

function readTimeOfDay(text: string, dayMs: number): number {
  if (text === '') return Infinity;
  const [, hours, minutes, seconds] = TIME_OF_DAY.exec(text) ?? [];
  if (hours === undefined) throw new Refused(REFUSALS.invalidParameter);
  return dayMs + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

function readCursor(text: string): bigint | undefined {
  if (text === '') return undefined;
  if (!CURSOR.test(text)) throw new Refused(REFUSALS.wrongType);
  return BigInt(text);
}
