import { type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { expected } from './expectation';

/** The timeframe of the position that the strategy runs. */
export const POSITION_FOLLOW = 'position_follow';

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const AN_ID = '1 to 64 of the characters A-Z a-z 0-9 _ . : -';
const A_MARKET = 'one pair such as KRW-BTC';
const CODES = [...Timeframe.ALL.map(({ code }) => code), '1h', '4h'];

/** The name of a strategy or a position. */
export const idSchema = z.string({ error: expected(AN_ID) }).regex(ID, { error: expected(AN_ID) });

/** Whether the text can be the name of a strategy. */
export function isStrategyId(text: string): boolean {
  return ID.test(text);
}

/** A pair in any letter case. */
export const marketSchema = z
  .string({ error: expected(A_MARKET) })
  .meta({ description: 'A market as the exchange names it.', examples: ['KRW-BTC'] })
  .transform((given, context): MarketCode => {
    try {
      return parseMarketCode(given.trim());
    } catch {
      return refuse(context, expected(A_MARKET)({ input: given }));
    }
  });

/** A timeframe's code; `1h` and `4h` are minutes too. */
export const timeframeSchema = codeSchema(CODES).transform((given, context) =>
  readTimeframe(given, context, CODES),
);

/** The same, or `position_follow`, which is read as such. */
export const followingTimeframeSchema = codeSchema([...CODES, POSITION_FOLLOW]).transform(
  (given, context) =>
    given.trim() === POSITION_FOLLOW
      ? POSITION_FOLLOW
      : readTimeframe(given, context, [...CODES, POSITION_FOLLOW]),
);

function codeSchema(codes: readonly string[]) {
  const example = codes.includes(POSITION_FOLLOW) ? POSITION_FOLLOW : '15m';
  return z
    .string({ error: expected(`one of ${codes.join(', ')}`) })
    .meta({ description: `One of ${codes.join(', ')}.`, examples: [example] });
}

function readTimeframe(given: string, context: z.RefinementCtx, codes: readonly string[]) {
  const found = Timeframe.find(given.trim());
  return found ?? refuse(context, expected(`one of ${codes.join(', ')}`)({ input: given }));
}

/** A finite number, or the text of one: `-0.05`, `"25"`, `" 25 "`. */
export const numberSchema = numberOr('a number', Number.isFinite);

/** A whole number in a range, or the text of one. */
export function wholeNumberSchema(min: number, max: number) {
  const what = `a whole number from ${min} to ${max}`;
  return numberOr(what, (value) => Number.isInteger(value) && value >= min && value <= max);
}

function numberOr(what: string, isRight: (value: number) => boolean) {
  const error = expected(what);
  return z
    .union([z.number({ error }), z.string({ error }).regex(DECIMAL, { error })], { error })
    .transform((given, context) => {
      const value = Number(given);
      return isRight(value) ? value : refuse(context, error({ input: given }));
    })
    .meta({ description: `${what[0]?.toUpperCase() ?? ''}${what.slice(1)}, or its text.` });
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
