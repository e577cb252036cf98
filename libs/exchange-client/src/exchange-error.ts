import { assertNever, CandlekeepError, type MarketCode } from '@candlekeep/market';
import type { DenialReason, NoPermit } from '@candlekeep/rate-limiter';

/** Base of everything that can go wrong between us and the exchange. */
export abstract class ExchangeError extends CandlekeepError {}

/** 429: the exchange counted more calls than it allows. The limiter knows: the whole limit group waits. */
export class ExchangeRateLimited extends ExchangeError {
  readonly code = 'EXCHANGE_RATE_LIMITED';
  readonly retryable = true;

  constructor(
    message: string,
    /** For how long the group waits, ms. */
    override readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** 418: the exchange refuses this egress IP for a while. The limiter knows: every limit group waits. */
export class ExchangeBanned extends ExchangeError {
  readonly code = 'EXCHANGE_BANNED';
  readonly retryable = true;

  constructor(
    message: string,
    /** For how long nothing is sent, ms: at least what the exchange said. */
    override readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** 404 with "Code not found": the exchange does not list the market, or no longer. */
export class UnknownMarket extends ExchangeError {
  readonly code = 'UNKNOWN_MARKET';
  readonly retryable = false;

  constructor(readonly market: MarketCode) {
    super(`the exchange does not list ${market}: check the code, or whether it was delisted`);
  }
}

/** The exchange understood the request and declines it; the message holds its own words. */
export class ExchangeRefused extends ExchangeError {
  readonly code = 'EXCHANGE_REFUSED';
  readonly retryable = false;
}

/** No usable answer: 5xx, a page for people, a reset, a time-out, a name that does not resolve. `cause` is kept. */
export class ExchangeUnavailable extends ExchangeError {
  readonly code = 'EXCHANGE_UNAVAILABLE';
  readonly retryable = true;
}

/** An answer with status 200 that breaks a rule of the exchange's own format. Nothing of it was used. */
export class ExchangeMalformed extends ExchangeError {
  readonly code = 'EXCHANGE_MALFORMED';
  /** The same bytes would come again: somebody has to look. */
  readonly retryable = false;
}

/** The exchange understood what the stream asked for and declines it; the message holds its own words. The stream has ended. */
export class StreamRefused extends ExchangeError {
  readonly code = 'STREAM_REFUSED';
  /** The same request would be declined again. */
  readonly retryable = false;
}

/** No permit could be had because the limiter's Redis did not answer; nothing was sent. `cause` is kept. */
export class LimiterUnavailable extends ExchangeError {
  readonly code = 'LIMITER_UNAVAILABLE';
  readonly retryable = true;
}

/** Nothing was sent: no call could be granted in the time that the asker had. The message says why, and until when. */
export class ExchangePaused extends ExchangeError {
  readonly code = 'EXCHANGE_PAUSED';
  readonly retryable = true;
  readonly reason: DenialReason;
  /** When asking again can help at the earliest, ms. */
  override readonly retryAfterMs: number;

  constructor(denial: NoPermit) {
    const { reason, retryAfterMs } = denial;
    const seconds = Math.ceil(retryAfterMs / 1_000);
    super(`${causeOf(reason)}: ask again in ${seconds} s`, { cause: denial });
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

function causeOf(reason: DenialReason): string {
  switch (reason) {
    case 'rate-limited':
      return 'the exchange is not asked for now, because it refused earlier calls (429)';
    case 'banned':
      return 'the exchange is not asked for now, because it blocks this IP (418)';
    case 'unavailable':
      return 'the exchange is not asked for now, because it did not answer earlier calls';
    case 'capped':
      return 'the exchange is not asked for now, because the cap on calls (LIMIT_PER_MINUTE, LIMIT_PER_HOUR) is used up';
    case 'busy':
      return 'the exchange could not be asked in time, because other calls used up its budget';
    case 'memory-lost':
      return "the exchange is not asked for now, because the limiter's Redis was started anew or emptied: one call goes first, after a rest";
    case 'clock-jumped':
      return "the exchange is not asked for now, because the clock of the limiter's Redis has jumped";
    default:
      return assertNever(reason);
  }
}
