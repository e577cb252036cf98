import { CandlekeepError, isoSeconds, type Series, seriesName } from '@candlekeep/market';

/** A page of the exchange denies candles that are stored, or that its own other answers speak of. Nothing of the page was kept. */
export class ExchangeContradicts extends CandlekeepError {
  readonly code = 'EXCHANGE_CONTRADICTS';
  readonly retryable = true;

  constructor(
    series: Series,
    /** The candle that is denied, epoch ms; undefined when all of them are. */
    readonly openMs: number | undefined,
  ) {
    const which = openMs === undefined ? 'any candle' : `the candle of ${isoSeconds(openMs)}`;
    super(
      `the exchange answers without error that ${seriesName(series)} has not ${which}, against what it has shown otherwise; ` +
        'it will be asked again. If it goes on, the market was renamed or redenominated, and its stored candles must be removed',
    );
  }
}
