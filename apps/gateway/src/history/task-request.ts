import { SETTLE_MS } from '@candlekeep/candle-cache';
import { retainedFromMs } from '@candlekeep/candle-store';
import type { HistoryKind, HistoryRequest } from '@candlekeep/history';
import { isEmptyRange, isMarketCode, isoSeconds, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { badRequest } from '../api/api-refusal';
import { EXPECTED_MARKET, EXPECTED_TIMEFRAME } from '../api/expected-series';

const INSTANT =
  'expected an ISO 8601 instant such as 2025-09-01 or 2025-09-01T00:00:00Z (a time needs its seconds and a zone), from 1970 on';
const SHOWN_CHARACTERS = 60;

const text = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** A date alone is its midnight, UTC. */
const instant = z.unknown().transform((given, context): number => {
  const parsed = text.safeParse(given);
  const epochMs = parsed.success ? Date.parse(parsed.data) : NaN;
  if (epochMs >= 0) return epochMs;
  const shown = given === undefined ? 'nothing' : JSON.stringify(given).slice(0, SHOWN_CHARACTERS);
  context.addIssue({ code: 'custom', message: `${INSTANT}; ${shown} is none` });
  return z.NEVER;
});

const body = z.strictObject(
  {
    market: z.string(EXPECTED_MARKET).refine(isMarketCode, EXPECTED_MARKET),
    timeframe: z
      .string(EXPECTED_TIMEFRAME)
      .refine((code) => Timeframe.find(code) !== undefined, EXPECTED_TIMEFRAME),
    from: instant,
    to: instant.optional(),
  },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'expected only market, timeframe, from and to'
        : 'expected a JSON object',
  },
);

/**
 * Reads the wish for a history task: candles that open in [from, to), closed ones only. Without `to` it reaches to the newest
 * closed candle. Throws an `ApiRefusal` that names each field and what would be right.
 */
export function parseTaskRequest(kind: HistoryKind, given: unknown, nowMs: number): HistoryRequest {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    throw badRequest(
      parsed.error.issues.map(({ path, message }) => ({
        field: path.join('.') || 'body',
        expected: message,
      })),
    );
  }
  const { market, from, to } = parsed.data;
  const timeframe = Timeframe.parse(parsed.data.timeframe);
  const nowIso = isoSeconds(nowMs);
  if (from > nowMs) refuse('from', `expected no instant in the future; it is ${nowIso} now`);
  if (to !== undefined && to <= from) refuse('to', 'expected an instant after "from"');
  if (to !== undefined && to > nowMs)
    refuse('to', 'expected no instant in the future; leave it out for "until now"');
  const closedMs = timeframe.floor(nowMs - SETTLE_MS);
  const untilMs = Math.min(closedMs, to === undefined ? closedMs : timeframe.ceil(to));
  const range = { fromMs: timeframe.ceil(from), untilMs };
  if (isEmptyRange(range)) {
    const known = `candles that opened before ${isoSeconds(closedMs)} are closed by now`;
    refuse('from', `expected a range in which a closed ${timeframe.code} candle opens; ${known}`);
  }
  const keptMs = retainedFromMs(timeframe, nowMs);
  if (range.fromMs < keptMs) {
    const kept = `the exchange keeps ${timeframe.code} candles for three months only`;
    refuse('from', `expected ${isoSeconds(keptMs)} or later; ${kept}`);
  }
  return { kind, series: { market, timeframe }, range, openEnded: to === undefined };
}

function refuse(field: string, expected: string): never {
  throw badRequest([{ field, expected }]);
}
