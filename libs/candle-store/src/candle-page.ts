import {
  type Candle,
  InvalidValue,
  isEmptyRange,
  isoSeconds,
  type Series,
  seriesName,
  type TimeRange,
} from '@candlekeep/market';

/** Final rows of one series and the range that they prove: no other candle opens in `covered`. */
export interface CandlePage {
  readonly series: Series;
  /** Oldest first, each open once; empty when nothing was traded. */
  readonly rows: readonly Candle[];
  /** Never empty. `fromMs` 0 means since the beginning. */
  readonly covered: TimeRange;
}

/**
 * Throws {@link InvalidValue} for a page that would make the store say something untrue: a covered range that is empty or
 * no range of instants, a row outside it or off the timeframe's grid, rows that repeat or step back.
 */
export function assertSavable({ series, rows, covered }: CandlePage): void {
  const { fromMs, untilMs } = covered;
  const isRange = Number.isSafeInteger(fromMs) && Number.isSafeInteger(untilMs);
  if (!isRange || isEmptyRange(covered)) {
    refuse(series, `it covers no time: ${fromMs} to ${untilMs}`);
  }
  let previousMs = -Infinity;
  for (const { openMs } of rows) {
    if (!(openMs >= fromMs && openMs < untilMs)) {
      refuse(series, `row ${openMs} lies outside the covered range ${fromMs} to ${untilMs}`);
    }
    if (series.timeframe.floor(openMs) !== openMs) {
      refuse(series, `row ${isoSeconds(openMs)} does not open a ${series.timeframe.code} candle`);
    }
    if (openMs <= previousMs) {
      refuse(series, `row ${isoSeconds(openMs)} follows ${isoSeconds(previousMs)}`);
    }
    previousMs = openMs;
  }
}

function refuse(series: Series, reason: string): never {
  throw new InvalidValue(
    `page of ${seriesName(series)} was not stored, because ${reason}; ` +
      'pass the rows oldest first and the whole range that they prove',
  );
}
