import type { Fill } from './candle-page';
import type { ColumnName } from './column-page';

/** A market and a timeframe, in plain text. */
export interface SeriesName {
  /** Quote currency first: `KRW-BTC`. */
  readonly market: string;
  /** `1s`, `1m`, `3m`, `5m`, `10m`, `15m`, `30m`, `60m`, `240m`, `1d`, `1w`, `1M` or `1y`. */
  readonly timeframe: string;
}

/** How long one call waits, and what makes it stop. */
export interface CallLimits {
  /** Aborts this call alone, whoever else waits for the same answer. */
  readonly signal?: AbortSignal | undefined;
  /** How long this call may take, repeats included, ms. Default: the client's `timeoutMs`. */
  readonly deadlineMs?: number | undefined;
}

/** Which candles of a series. */
export interface CandleRequest<F extends Fill = Fill> extends SeriesName, CallLimits {
  /** 1 to 10,000 of the newest; default 200. */
  readonly count?: number | undefined;
  /** Only what opens before this instant, epoch ms. Default: now. */
  readonly toMs?: number | undefined;
  /** Only candles that can change no more; default false. */
  readonly closed?: boolean | undefined;
  /** What stands where nothing was traded: `sparse` (default) nothing, `null` a slot without amounts, `forward` the close before it. */
  readonly fill?: F | undefined;
  /** How old the newest candle may be, whole seconds, 0 for "ask the exchange". Default: the gateway's own, 1. */
  readonly maxAgeSeconds?: number | undefined;
}

export interface ColumnRequest<C extends ColumnName = ColumnName> extends CandleRequest {
  /** Default: every column that the timeframe has. */
  readonly columns?: readonly C[] | undefined;
}

/** One question as the gateway takes it: as an item of a batch, or as parameters. */
export interface CandleQuestion {
  readonly market: string;
  readonly timeframe: string;
  readonly count?: number;
  /** Epoch ms. */
  readonly to?: number;
  readonly closed?: boolean;
  readonly fill?: Fill;
  readonly columns?: readonly string[];
  readonly numbers?: 'number';
  readonly format?: 'columns';
  readonly maxAgeSeconds?: number;
}

/** Candles with exact decimal text. Equal requests make equal questions, in the same order of members. */
export function rowsQuestion(request: CandleRequest): CandleQuestion {
  const { market, timeframe, count, toMs, closed, fill, maxAgeSeconds } = request;
  return {
    ...{ market, timeframe },
    ...(count === undefined ? {} : { count }),
    ...(toMs === undefined ? {} : { to: toMs }),
    ...(closed === undefined ? {} : { closed }),
    ...(fill === undefined ? {} : { fill }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

/** Columns of numbers. */
export function columnsQuestion(request: ColumnRequest): CandleQuestion {
  const { columns } = request;
  return {
    ...rowsQuestion(request),
    ...{ format: 'columns', numbers: 'number' },
    ...(columns === undefined ? {} : { columns }),
  };
}

/** The same as a path with parameters, and `Cache-Control` where an age was given. */
export function pathOf({ maxAgeSeconds, columns, ...plain }: CandleQuestion) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) parameters.set(name, String(value));
  if (columns !== undefined) parameters.set('columns', columns.join(','));
  const headers: Record<string, string> =
    maxAgeSeconds === undefined ? {} : { 'cache-control': `max-age=${maxAgeSeconds}` };
  return { path: `/api/candles?${parameters.toString()}`, headers };
}

/** What makes a question equal to another, readable for people. */
export function nameOf(question: CandleQuestion): string {
  const { path, headers } = pathOf(question);
  const directive = headers['cache-control'];
  return directive === undefined ? path : `${path} (${directive})`;
}
