import {
  assertNever,
  InvalidValue,
  isoSeconds,
  type Series,
  type Timeframe,
} from '@candlekeep/market';

/** One page of a series, as the exchange can be asked for it. */
export interface CandlePageQuery {
  readonly series: Series;
  /** Exclusive end, epoch ms: only candles that open before it. Without it the newest ones. */
  readonly toMs?: number;
  /** 1 to 200 candles. */
  readonly count: number;
}

/** The exchange answers more with a silent 200 rows, which a caller would take for the end of history. */
const MAX_COUNT = 200;
const SECOND_MS = 1_000;

/** Path and query of the request. Throws {@link InvalidValue} for a count that the exchange would not honour. */
export function candleTarget(query: CandlePageQuery): string {
  const { series, count } = query;
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new InvalidValue(`count is ${count}: ask for a whole number from 1 to ${MAX_COUNT}`);
  }
  const parameters = new URLSearchParams({ market: series.market });
  const toMs = effectiveToMs(query);
  if (toMs !== undefined) parameters.set('to', `${isoSeconds(toMs)}Z`);
  parameters.set('count', String(count));
  return `${candlePath(series.timeframe)}?${parameters.toString()}`;
}

/**
 * The `to` that is printed, epoch ms: rounded up to the whole second that the format can say. Candles open on whole
 * seconds, so the same candles open before it; cutting the fraction off could lose one.
 */
export function effectiveToMs({ toMs }: CandlePageQuery): number | undefined {
  return toMs === undefined ? undefined : Math.ceil(toMs / SECOND_MS) * SECOND_MS;
}

function candlePath({ kind, unit }: Timeframe): string {
  switch (kind) {
    case 'second':
      return '/v1/candles/seconds';
    case 'minute':
      return `/v1/candles/minutes/${unit}`;
    case 'day':
      return '/v1/candles/days';
    case 'week':
      return '/v1/candles/weeks';
    case 'month':
      return '/v1/candles/months';
    case 'year':
      return '/v1/candles/years';
    default:
      return assertNever(kind);
  }
}
