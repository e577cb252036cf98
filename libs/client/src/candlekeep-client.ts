import { type Candle, decimalText, parseIsoSeconds, type Series } from '@candlekeep/market';
import { isLosslessNumber, parse } from 'lossless-json';

export interface CandlekeepClientOptions {
  /** Base of a gateway, without `/v1`: `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** How long one request may take, ms. Default 12,000: the gateway itself gives up after 8,000. */
  readonly timeoutMs?: number;
}

export interface CandlesWanted {
  readonly series: Series;
  /** 1 to 200. */
  readonly count: number;
  /** Exclusive bound on the open, epoch ms; the newest candles when not given. */
  readonly beforeMs?: number;
  /** How old the newest row may be, whole seconds. Default: the gateway's own, 1 s. */
  readonly maxAgeSeconds?: number;
}

export interface CandlesReceived {
  /** Oldest first; the last may still be forming. Fewer than asked where history begins. */
  readonly candles: readonly Candle[];
  /** When the newest row was seen at the exchange, epoch ms. */
  readonly asOfMs: number;
  /** `Cache-Status` of the answer: where it came from. */
  readonly cacheStatus: string;
}

/** The gateway said no, or nothing that can be understood. */
export class CandlekeepRequestFailed extends Error {
  override readonly name = 'CandlekeepRequestFailed';

  constructor(
    message: string,
    /** HTTP status; undefined when no answer came. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TIMEOUT_MS = 12_000;

/** Asks a Candlekeep gateway. Amounts stay exact decimal text. */
export class CandlekeepClient {
  constructor(private readonly options: CandlekeepClientOptions) {}

  /** Throws {@link CandlekeepRequestFailed} with the gateway's reason. */
  async getCandles(wanted: CandlesWanted): Promise<CandlesReceived> {
    const url = candlesUrl(this.options.baseUrl, wanted);
    const response = await this.get(url, wanted.maxAgeSeconds);
    const body = await response.text();
    if (!response.ok)
      throw new CandlekeepRequestFailed(refusal(url, response.status, body), response.status);
    return {
      candles: parseCandles(body).reverse(),
      asOfMs: Number(response.headers.get('x-candlekeep-as-of')),
      cacheStatus: response.headers.get('cache-status') ?? '',
    };
  }

  private async get(url: URL, maxAgeSeconds: number | undefined): Promise<Response> {
    const signal = AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS);
    const headers =
      maxAgeSeconds === undefined ? {} : { 'cache-control': `max-age=${maxAgeSeconds}` };
    try {
      return await fetch(url, { signal, headers });
    } catch (cause) {
      throw new CandlekeepRequestFailed(
        `no answer from ${url.origin}: is the gateway running?`,
        undefined,
        { cause },
      );
    }
  }
}

function candlesUrl(baseUrl: string, { series, count, beforeMs }: CandlesWanted): URL {
  const { market, timeframe } = series;
  const path = timeframe.kind === 'minute' ? `minutes/${timeframe.unit}` : `${timeframe.kind}s`;
  const url = new URL(`${baseUrl}/v1/candles/${path}`);
  url.searchParams.set('market', market);
  url.searchParams.set('count', String(count));
  if (beforeMs !== undefined) url.searchParams.set('to', new Date(beforeMs).toISOString());
  return url;
}

function refusal(url: URL, status: number, body: string): string {
  const reason = /"message":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.slice(0, 200);
  return `the gateway answered ${status} to ${url.pathname}${url.search}: ${reason}`;
}

function parseCandles(body: string): Candle[] {
  const rows = parse(body);
  if (!Array.isArray(rows))
    throw new CandlekeepRequestFailed('the gateway answered no list of candles');
  return rows.map(parseCandle);
}

function parseCandle(row: unknown): Candle {
  const field = (name: string): string => textOf(row, name);
  const candle = {
    openMs: parseIsoSeconds(field('candle_date_time_utc')),
    open: decimalText(field('opening_price')),
    high: decimalText(field('high_price')),
    low: decimalText(field('low_price')),
    close: decimalText(field('trade_price')),
    timestampMs: Number(field('timestamp')),
    turnover: decimalText(field('candle_acc_trade_price')),
    volume: decimalText(field('candle_acc_trade_volume')),
  };
  if (!isRecord(row) || !('change_rate' in row)) return candle;
  const daily = {
    previousClose: decimalText(field('prev_closing_price')),
    change: decimalText(field('change_price')),
    changeRate: decimalText(field('change_rate'), 10),
  };
  return { ...candle, daily };
}

function textOf(row: unknown, name: string): string {
  const value = isRecord(row) ? row[name] : undefined;
  if (typeof value === 'string') return value;
  if (isLosslessNumber(value)) return value.value;
  throw new CandlekeepRequestFailed(`a candle in the gateway's answer has no ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
