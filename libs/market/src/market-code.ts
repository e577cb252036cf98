import { InvalidValue } from './candlekeep-error';

declare const brand: unique symbol;

/** A trading pair as the exchange names it, quote currency first: `KRW-BTC`. Upper case. */
export type MarketCode = string & { readonly [brand]: 'MarketCode' };

const PATTERN = /^[A-Z0-9]{2,10}-[A-Z0-9]{1,20}$/;
/** The same in any ASCII letter case. Judged before upper-casing, which would turn `ß`, `ı` and `ſ` into plain letters. */
const ANY_CASE = new RegExp(PATTERN, 'i');

/** Whether `text` has the shape of a pair; says nothing about whether the exchange lists it. */
export function isMarketCode(text: string): text is MarketCode {
  return PATTERN.test(text);
}

/** Reads a pair in any letter case. Throws {@link InvalidValue} when it is not one pair. */
export function parseMarketCode(text: string): MarketCode {
  const code = text.toUpperCase();
  if (!ANY_CASE.test(text) || !isMarketCode(code)) {
    throw new InvalidValue(`"${text}" is not a market: expected one pair such as KRW-BTC`);
  }
  return code;
}
