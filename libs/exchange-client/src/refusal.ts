import type { MarketCode } from '@candlekeep/market';
import { z } from 'zod';
import {
  ExchangeBanned,
  type ExchangeError,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
  UnknownMarket,
} from './exchange-error';
import type { ExchangeAnswer } from './exchange-transport';
import { findStatedBlockMs } from './stated-block';

/** What is known of a refused question beside its answer. */
export interface RefusedQuestion {
  /** The market that was asked for. */
  readonly market?: MarketCode;
  /** For how long the limiter grants nothing because of a 429 or 418, ms. */
  readonly pausedMs?: number;
}

/** The exchange says: wait for the next second. One second and its margin cover it, wherever in a second we are. */
const RATE_LIMIT_PAUSE_MS = 1_050;
/** A ban whose length the exchange did not say, or not in a way that can be read. */
const UNSTATED_BLOCK_MS = 60_000;

/** The error that an answer means, or undefined when it is a 200 to be read. */
export function findRefusal(
  answer: ExchangeAnswer,
  { market, pausedMs }: RefusedQuestion = {},
): ExchangeError | undefined {
  switch (answer.status) {
    case 200:
      return isPageForPeople(answer) ? unavailable(answer) : undefined;
    case 418:
      return banned(answer, pausedMs);
    case 429:
      return rateLimited(answer, pausedMs ?? RATE_LIMIT_PAUSE_MS);
    default:
      return declined(answer, market);
  }
}

/** The message of a body that has the shape of the exchange's own errors, `{"error":{"name":…,"message":…}}`. */
export function findErrorWords(body: string): string | undefined {
  try {
    return errorBody.safeParse(JSON.parse(body)).data?.error.message;
  } catch {
    return undefined;
  }
}

function rateLimited({ target }: ExchangeAnswer, pausedMs: number): ExchangeRateLimited {
  return new ExchangeRateLimited(
    `the exchange refused GET ${target} with 429: nothing is sent for ${Math.ceil(pausedMs)} ms`,
    pausedMs,
  );
}

function banned(answer: ExchangeAnswer, pausedMs: number | undefined): ExchangeBanned {
  const statedMs = findStatedBlockMs(answer);
  const blockedMs = pausedMs ?? statedMs ?? UNSTATED_BLOCK_MS;
  const words = statedMs === undefined ? 'it stated no time' : `it stated ${statedMs} ms`;
  return new ExchangeBanned(
    `the exchange blocks this IP (418 to GET ${answer.target}, ${words}): nothing is sent for ${Math.ceil(blockedMs)} ms`,
    blockedMs,
  );
}

function declined(answer: ExchangeAnswer, market: MarketCode | undefined): ExchangeError {
  const message = findErrorWords(answer.body);
  const isClientError = answer.status >= 400 && answer.status < 500;
  if (!isClientError || message === undefined) return unavailable(answer);
  if (answer.status === 404 && message === 'Code not found' && market !== undefined) {
    return new UnknownMarket(market);
  }
  return new ExchangeRefused(
    `the exchange refused GET ${answer.target} with ${answer.status}: ${message}`,
  );
}

function unavailable({ target, status, header }: ExchangeAnswer): ExchangeUnavailable {
  const type = header('content-type') ?? 'no content type';
  return new ExchangeUnavailable(
    `the exchange answered GET ${target} with status ${status} (${type}): try again later`,
  );
}

/** A maintenance or login page of something between us and the exchange. */
function isPageForPeople({ header }: ExchangeAnswer): boolean {
  return header('content-type')?.toLowerCase().startsWith('text/html') ?? false;
}

const errorBody = z.object({
  error: z.object({ name: z.union([z.number(), z.string()]), message: z.string() }),
});
