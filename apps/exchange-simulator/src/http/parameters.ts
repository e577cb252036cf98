import type { MarketCode } from '@candlekeep/market';
import { Refused, REFUSALS } from './reply';

const INTEGER = /^[+-]?\d{1,10}$/;
const MOST_INTEGER = 2 ** 31 - 1;

/** Turns the text of a market into the code of a listed one, or undefined. */
export type FindMarket = (text: string) => MarketCode | undefined;

/** A parameter that must be given, though it may be blank. Throws {@link Refused}. */
export function readRequired(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text === null) throw new Refused(REFUSALS.missingParameter);
  return text;
}

/** 32-bit, as in the exchange's language; everything else is of the wrong type. Throws {@link Refused}. */
export function readInteger(text: string): number {
  const value = INTEGER.test(text) ? Number(text) : NaN;
  if (!(Math.abs(value) <= MOST_INTEGER)) throw new Refused(REFUSALS.wrongType);
  return value;
}

/** The number of rows asked for: more than `most` means `most`, none given means `unset`. Throws {@link Refused}. */
export function readCount(
  query: URLSearchParams,
  { most, unset }: { most: number; unset: number },
): number {
  const text = query.get('count') ?? '';
  if (text === '') return unset;
  const count = readInteger(text);
  if (count < 1) throw new Refused(REFUSALS.invalidParameter);
  return Math.min(count, most);
}

/** One listed market. Throws {@link Refused}. */
export function readMarket(text: string, findMarket: FindMarket): MarketCode {
  const market = findMarket(text);
  if (market === undefined) throw new Refused(REFUSALS.unknownMarket);
  return market;
}

/** Listed markets, separated by commas; one that is not listed refuses them all. Throws {@link Refused}. */
export function readMarkets(query: URLSearchParams, findMarket: FindMarket): MarketCode[] {
  const codes = readRequired(query, 'markets').split(',');
  return [...new Set(codes.map((code) => readMarket(code, findMarket)))];
}
