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

/** The exchange says: wait for the next second. One second and its margin cover it, wherever in a second we are. */
const RATE_LIMIT_PAUSE_MS = 1_050;
/** A ban whose length the exchange did not say, or not in a way that can be read. */
const UNSTATED_BLOCK_MS = 60_000;

/** The error that an answer means, or undefined when it is a 200 to be read. `market` is the one that was asked for. */
export function findRefusal(
  answer: ExchangeAnswer,
  market?: MarketCode,
): ExchangeError | undefined {
  switch (answer.status) {
    case 200:
      return isPageForPeople(answer) ? unavailable(answer) : undefined;
    case 418:
      return banned(answer);
    case 429:
      return new ExchangeRateLimited(
        `the exchange refused GET ${answer.target} with 429: its limit group is paused for ${RATE_LIMIT_PAUSE_MS} ms`,
        RATE_LIMIT_PAUSE_MS,
      );
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

function banned(answer: ExchangeAnswer): ExchangeBanned {
  const statedMs = findStatedBlockMs(answer);
  const blockedMs = statedMs ?? UNSTATED_BLOCK_MS;
  const origin = statedMs === undefined ? 'assumed, it stated no time' : 'as it stated';
  return new ExchangeBanned(
    `the exchange blocks this IP (418 to GET ${answer.target}) for ${blockedMs} ms (${origin}): nothing is sent until then`,
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
