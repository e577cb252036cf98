import { Exchange } from '../exchange';
import { rowsOf } from '../faults/json-rows';
import { exchangeBody } from './exchange-body';
import { Refused, REFUSALS, type Reply } from './reply';
import { findRoute } from './route';

const exchange = new Exchange();
const nowMs = Date.UTC(2026, 10, 22, 13, 50, 2, 345);

function ask(url: string): string | Reply {
  const { pathname, searchParams: query } = new URL(url, 'http://exchange');
  const route = findRoute(pathname);
  if (route === undefined) return REFUSALS.noRoute;
  try {
    return exchangeBody(exchange, { route, query, nowMs });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function bodyOf(url: string): string {
  const answer = ask(url);
  return typeof answer === 'string' ? answer : `refused: ${answer.body}`;
}

function marketsIn(url: string): (string | undefined)[] {
  const rows = rowsOf(bodyOf(url)) ?? [];
  return rows.map((row) => /"market":"([^"]+)"/.exec(row)?.[1]);
}

describe('an answer of the exchange', () => {
  it.each(['ticker', 'orderbook', 'orderbook/instruments'])(
    'has a row for each market that is asked for, once, in that order (%s)',
    (path) => {
      const url = `/v1/${path}?markets=KRW-SOL,krw-btc,KRW-SOL`;
      expect(marketsIn(url)).toEqual(['KRW-SOL', 'KRW-BTC']);
    },
  );

  it('has a ticker for each market of the quote currencies that are asked for', () => {
    const all = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];
    expect(marketsIn('/v1/ticker/all?quote_currencies=KRW,BTC')).toEqual(all);
    expect(ask('/v1/ticker/all?quote_currencies=USDT')).toBe('[]');
  });

  it('has as many levels of the book as asked for, 30 at most', () => {
    const units = (count: string): number =>
      bodyOf(`/v1/orderbook?markets=KRW-BTC${count}`).match(/ask_price/g)?.length ?? 0;
    expect(['', '&count=5', '&count=99'].map(units)).toEqual([30, 5, 30]);
    expect(ask('/v1/orderbook?markets=KRW-BTC&level=10000')).toContain('"level":10000}');
  });

  it.each([
    ['/v1/ticker', REFUSALS.missingParameter],
    ['/v1/ticker/all', REFUSALS.missingParameter],
    ['/v1/orderbook/instruments', REFUSALS.missingParameter],
    ['/v1/ticker?markets=', REFUSALS.unknownMarket],
    ['/v1/ticker?markets=KRW-BTC,KRW-LUNA', REFUSALS.unknownMarket],
    ['/v1/orderbook?markets=KRW-BTC&level=5', REFUSALS.invalidParameter],
    ['/v1/orderbook?markets=KRW-BTC&level=x', REFUSALS.wrongType],
    ['/v1/orderbook?markets=KRW-BTC&count=0', REFUSALS.invalidParameter],
    ['/v1/trades', REFUSALS.noRoute],
    ['/v1/ticker/all/', REFUSALS.noRoute],
    ['/constructor', REFUSALS.noRoute],
  ])('%s is refused in the exchange’s words', (url, reply) => {
    expect(ask(url)).toBe(reply);
  });
});
