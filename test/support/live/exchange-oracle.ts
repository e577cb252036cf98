import { exchangeBody } from '../../../apps/exchange-simulator/src/http/exchange-body';
import { findRoute } from '../../../apps/exchange-simulator/src/http/route';
import { Exchange } from '../../../apps/exchange-simulator/src/exchange';

const MINUTE_MS = 60_000;

/** One row of an answer, as its text. */
export interface ShownRow {
  /** `candle_date_time_utc`. */
  readonly open: string;
  readonly text: string;
}

/** What the simulated exchange answers at any instant, the past included: it follows from market and instant alone. */
export class ExchangeOracle {
  private readonly exchange = new Exchange();

  /** The body of a candle question, asked at `nowMs`. */
  bodyAt(path: string, nowMs: number): string {
    const { pathname, searchParams } = new URL(path, 'http://exchange');
    const route = findRoute(pathname);
    if (route === undefined) throw new Error(`${path} is no question of the exchange`);
    return exchangeBody(this.exchange, { route, query: searchParams, nowMs });
  }

  /** Every instant at which the answer to a question changes by a trade: from `fromMs` to `untilMs`, both included. */
  instants(market: string, fromMs: number, untilMs: number): number[] {
    const minutes = range(Math.floor(fromMs / MINUTE_MS) - 1, Math.floor(untilMs / MINUTE_MS));
    const view = this.exchange.findView(market, untilMs);
    const stored = minutes.flatMap((minute) => view?.storedTrades(minute) ?? []);
    const between = stored.map(({ storedMs }) => storedMs).filter((ms) => ms > fromMs);
    return [...new Set([fromMs, ...between, untilMs])].sort((a, b) => a - b);
  }
}

/** The rows of a body of candles, newest first. */
export function rowsOf(body: string): ShownRow[] {
  if (body === '[]') return [];
  const rows = body.slice(1, -1).split(/(?<=\}),/);
  return rows.map((text) => ({
    text,
    open: /"candle_date_time_utc":"([^"]+)"/.exec(text)?.[1] ?? '',
  }));
}

/** A number of a row. Digits beyond a double's are lost, order is not. */
export function numberOf(row: ShownRow, field: string): number {
  return Number(new RegExp(`"${field}":([^,}]+)`).exec(row.text)?.[1]);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
