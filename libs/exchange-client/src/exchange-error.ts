import { CandlekeepError, type MarketCode } from '@candlekeep/market';

/** Base of everything that can go wrong between us and the exchange. */
export abstract class ExchangeError extends CandlekeepError {}

/** 429: the exchange counted more calls than it allows. The whole limit group has been paused. */
export class ExchangeRateLimited extends ExchangeError {
  readonly code = 'EXCHANGE_RATE_LIMITED';
  readonly retryable = true;

  constructor(
    message: string,
    /** Length of the group's pause, ms. */
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** 418: the exchange refuses this egress IP for a while. Every limit group has been paused. */
export class ExchangeBanned extends ExchangeError {
  readonly code = 'EXCHANGE_BANNED';
  readonly retryable = true;

  constructor(
    message: string,
    /** How long, ms: what the exchange said, else 60,000. */
    readonly blockedMs: number,
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

/** Nothing was sent: the exchange has refused calls, and is not asked again before `retryAfterMs` are over. */
export class ExchangePaused extends ExchangeError {
  readonly code = 'EXCHANGE_PAUSED';
  readonly retryable = true;

  constructor(
    /** What is left of the pause, ms. */
    readonly retryAfterMs: number,
  ) {
    super(
      `the exchange is not asked for another ${Math.ceil(retryAfterMs / 1_000)} s, because it refused earlier calls (429 or 418)`,
    );
  }
}
