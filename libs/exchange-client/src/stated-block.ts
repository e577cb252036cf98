import type { ExchangeAnswer } from './exchange-transport';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;

/** What units mean in ms, by their first letters, in English and Korean. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milli)/i, 1],
  [/^(?:s|초)/i, SECOND_MS],
  [/^(?:m|분)/i, 60 * SECOND_MS],
  [/^(?:h|시간)/i, 3_600 * SECOND_MS],
];

const DURATION =
  /(\d{1,9})\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|초|분|시간)(?![a-z])/gi;

/**
 * How long a block lasts, ms, when the answer says so: `Retry-After` (seconds or a date), else durations in the body,
 * added up ("1 minute 30 seconds"). Between 1 s and 24 h. Undefined when nothing readable is stated: the exchange
 * documents that it states the time, but not in which form.
 */
export function findStatedBlockMs(answer: ExchangeAnswer): number | undefined {
  const statedMs = retryAfterMs(answer) ?? durationMs(answer.body);
  return statedMs === undefined ? undefined : Math.min(Math.max(statedMs, SECOND_MS), DAY_MS);
}

function retryAfterMs({ header }: ExchangeAnswer): number | undefined {
  const text = header('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND_MS;
  // A date is measured against the exchange's own clock, ours may be off.
  const leftMs = Date.parse(text) - Date.parse(header('date') ?? '');
  return Number.isNaN(leftMs) ? undefined : leftMs;
}

function durationMs(body: string): number | undefined {
  const parts = [...body.matchAll(DURATION)].map(
    ([, amount = '', unit = '']) => Number(amount) * unitMs(unit),
  );
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
}

function unitMs(unit: string): number {
  return UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? SECOND_MS;
}
