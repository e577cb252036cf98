import {
  checkOption,
  checkOptions,
  numeric,
  oneOf,
  optional,
  type OptionRule,
  type OptionRules,
  textual,
} from '../option-rules';
import { isList, isRecord } from '../json-value';
import type { RangeRequest } from '../range/range-reader';
import type { SubscriptionHandlers } from '../stream/subscription';
import type { Fill } from './candle-page';
import type { CallLimits, CandleRequest, ColumnRequest, SeriesName } from './candle-request';
import type { ColumnName } from './column-page';

const MOST_CANDLES = 10_000;
/** In milliseconds September 2001, before any market that is kept here; in seconds a year beyond 30,000. */
const LEAST_INSTANT_MS = 1e12;
/** The last instant that a date can hold. */
const LAST_INSTANT_MS = 8.64e15;
/** The gateway's bound, some 68 years. */
const LONGEST_AGE_SECONDS = 2 ** 31;
const FILLS: Record<Fill, true> = { sparse: true, null: true, forward: true };
const COLUMNS: Record<ColumnName, true> = {
  ...{ openMs: true, open: true, high: true, low: true, close: true },
  ...{ volume: true, turnover: true, timestampMs: true },
  ...{ previousClose: true, change: true, changeRate: true },
};
const COLUMN_NAMES = Object.keys(COLUMNS);

/** Which markets and timeframes there are is the gateway's to know. */
const SERIES: OptionRules<keyof SeriesName> = {
  market: textual('a market such as KRW-BTC', (text) => text !== ''),
  timeframe: textual('a timeframe such as 1m', (text) => text !== ''),
};

/** Zero is the beginning of time in both units, and so taken. */
const instant: OptionRule = {
  isRight: (value) => isWholeInstant(value) && (value === 0 || value >= LEAST_INSTANT_MS),
  expected: (value) =>
    `an instant in epoch ms, a whole number${isWholeInstant(value) ? '; this looks like seconds: multiply it by 1000' : ''}`,
};

const flag = optional({
  isRight: (value) => typeof value === 'boolean',
  expected: () => 'true or false',
});

const handler: OptionRule = {
  isRight: (value) => typeof value === 'function',
  expected: () => 'a function',
};

/** A `deadlineMs` that is spent already is no mistake of the program: such a call fails by its time. */
const LIMITS: OptionRules<keyof CallLimits> = {
  signal: optional({ isRight: isSignal, expected: () => 'an AbortSignal' }),
  deadlineMs: optional(numeric('milliseconds', (ms) => !Number.isNaN(ms))),
};

const CANDLES: OptionRules<keyof CandleRequest> = {
  ...SERIES,
  count: optional(
    numeric(
      `a whole number from 1 to ${MOST_CANDLES.toLocaleString('en')}`,
      (count) => Number.isInteger(count) && count >= 1 && count <= MOST_CANDLES,
    ),
  ),
  toMs: optional(instant),
  closed: flag,
  fill: optional(oneOf(Object.keys(FILLS))),
  maxAgeSeconds: optional(
    numeric(
      'whole seconds, 0 or more',
      (age) => Number.isInteger(age) && age >= 0 && age <= LONGEST_AGE_SECONDS,
    ),
  ),
  ...LIMITS,
};

const CANDLE_COLUMNS: OptionRules<keyof ColumnRequest> = {
  ...CANDLES,
  columns: optional({
    isRight: (value) => isList(value) && value.length > 0 && value.every(isColumnName),
    expected: () => `a list of ${COLUMN_NAMES.join(', ')}`,
  }),
};

const RANGE: OptionRules<keyof RangeRequest> = {
  ...{ ...SERIES, fromMs: instant, untilMs: optional(instant), closed: flag },
  ...LIMITS,
};

const HANDLERS: OptionRules<keyof SubscriptionHandlers> = {
  ...{ candle: handler, gap: optional(handler), problem: optional(handler) },
};

/** Throws a `TypeError` that names the option that is wrong and what would be right, as all of these do. */
export function checkCandleRequest(request: unknown): void {
  checkOptions({ who: 'getCandles' }, request, CANDLES);
}

export function checkColumnRequest(request: unknown): void {
  checkOptions({ who: 'getColumns' }, request, CANDLE_COLUMNS);
}

export function checkRangeRequest(request: unknown): void {
  checkOptions({ who: 'readRange' }, request, RANGE);
}

export function checkMarketsRequest(limits: unknown): void {
  checkOptions({ who: 'getMarkets' }, limits, LIMITS);
}

/** Members that a series has beside its two are the caller's own. */
export function checkSubscription(series: unknown, handlers: unknown): void {
  if (!isList(series) || series.length === 0) {
    throw new TypeError('there is no series: expected at least one { market, timeframe }');
  }
  series.forEach((one, at) => {
    checkOption(`series[${at}]`, one, {
      isRight: isRecord,
      expected: () => '{ market, timeframe }',
    });
    const given = isRecord(one) ? one : {};
    for (const [name, rule] of Object.entries(SERIES)) {
      checkOption(`series[${at}].${name}`, given[name], rule);
    }
  });
  checkOptions({ who: 'a subscription', what: 'handler' }, handlers, HANDLERS);
}

function isWholeInstant(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_INSTANT_MS
  );
}

/** By what it can do: a signal of another realm is no `instanceof AbortSignal`. */
function isSignal(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.aborted === 'boolean' &&
    typeof value.addEventListener === 'function'
  );
}

function isColumnName(value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(COLUMNS, value);
}
