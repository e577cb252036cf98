import { scaledOf, type MarketCode } from '@candlekeep/market';
import type { MarketView } from '../candles/market-view';
import type { Exchange } from '../exchange';
import { bookLevels, orderBook } from '../quotes/order-book';
import { tickerRow } from '../quotes/ticker-row';
import { tradeRows } from '../quotes/trade-row';
import { candleBody } from './candle-body';
import { readCandleRequest } from './candle-request';
import { marketBody } from './market-body';
import { instrumentsBody, orderbookBody } from './orderbook-body';
import { readCount, readMarkets, readRequired } from './parameters';
import { Refused, REFUSALS } from './reply';
import type { Route } from './route';
import { tickerBody } from './ticker-body';
import { tradesBody } from './trades-body';
import { readTradesRequest } from './trades-request';

const MOST_BOOK_UNITS = 30;

/** What is asked of the exchange, and when. */
export interface Question {
  readonly route: Route;
  readonly query: URLSearchParams;
  /** The exchange's time, epoch ms: nothing stored later is in the answer. */
  readonly nowMs: number;
}

/** Prints the body of a successful answer. Throws {@link Refused} with the exchange's own refusal. */
export function exchangeBody(exchange: Exchange, { route, query, nowMs }: Question): string {
  const find = (text: string): MarketCode | undefined => exchange.findMarket(text);
  const asked = (): Seen[] => seen(exchange, readMarkets(query, find), nowMs);
  switch (route.kind) {
    case 'markets':
      return marketBody(exchange.markets, query);
    case 'candles':
    case 'minutes': {
      const request = readCandleRequest(route, query, find);
      return candleBody(exchange.candles(request, nowMs), request);
    }
    case 'trades': {
      const request = readTradesRequest(query, find, nowMs);
      const rows = seen(exchange, [request.market], nowMs);
      return tradesBody(rows.flatMap(({ market, view }) => tradeRows(market, view, request)));
    }
    case 'ticker':
      return tickersBody(asked());
    case 'ticker-all':
      return tickersBody(seen(exchange, quotedIn(exchange, query), nowMs));
    case 'orderbook':
      return booksBody(asked(), query);
    case 'orderbook-instruments':
      return instrumentsBody(
        asked().map(({ market, view }) => ({
          market,
          tick: view.tape.recording.tick,
          levels: bookLevels(view),
        })),
      );
  }
}

interface Seen {
  readonly market: MarketCode;
  readonly view: MarketView;
}

function seen(exchange: Exchange, markets: readonly MarketCode[], nowMs: number): Seen[] {
  return markets.flatMap((market) => {
    const view = exchange.findView(market, nowMs);
    return view === undefined ? [] : [{ market, view }];
  });
}

function quotedIn(exchange: Exchange, query: URLSearchParams): MarketCode[] {
  const currencies = readRequired(query, 'quote_currencies').toUpperCase().split(',');
  return exchange.markets
    .map(({ market }) => market)
    .filter((market) => currencies.includes(market.split('-')[0] ?? ''));
}

/** A market that was never traded has no ticker. */
function tickersBody(markets: readonly Seen[]): string {
  const rows = markets.map(({ market, view }) => tickerRow(market, view));
  return tickerBody(rows.filter((row) => row !== undefined));
}

function booksBody(markets: readonly Seen[], query: URLSearchParams): string {
  const count = readCount(query, { most: MOST_BOOK_UNITS, unset: MOST_BOOK_UNITS });
  const books = markets.map(({ market, view }) =>
    orderBook(market, view, { level: readLevel(query, view), count }),
  );
  return orderbookBody(books.filter((book) => book !== undefined));
}

function readLevel(query: URLSearchParams, view: MarketView): bigint {
  const text = query.get('level') ?? '';
  if (!/^(\d{1,12}(\.\d{1,8})?)?$/.test(text)) throw new Refused(REFUSALS.wrongType);
  const level = text === '' ? 0n : scaledOf(text);
  if (!bookLevels(view).includes(level)) throw new Refused(REFUSALS.invalidParameter);
  return level;
}
