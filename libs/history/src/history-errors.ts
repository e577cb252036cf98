import { CandlekeepError, isoSeconds, type Series, seriesName } from '@candlekeep/market';

/** The exchange answered, and showed nothing final of a stretch that should be closed. */
export class NothingShown extends CandlekeepError {
  readonly code = 'NOTHING_SHOWN';
  readonly retryable = true;

  constructor(series: Series, untilMs: number) {
    super(
      `the exchange shows no final candle of ${seriesName(series)} before ${isoSeconds(untilMs)}; ` +
        'it will be asked again. If it goes on, see whether the market is listed and the clocks agree',
    );
  }
}

/** The newest of what was asked for closed so recently that the page does not speak for it yet: it will, in a moment. */
export class NotSettled extends CandlekeepError {
  readonly code = 'NOT_SETTLED';
  readonly retryable = true;

  constructor(series: Series, untilMs: number) {
    super(
      `the newest candles of ${seriesName(series)} before ${isoSeconds(untilMs)} may still change; they will be asked for ` +
        "again. If it goes on, the exchange's clock or the cache server's is behind",
    );
  }
}
