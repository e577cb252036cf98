import { ManualClock } from '@candlekeep/clock';
import { InvalidValue } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import {
  anyDemand as demand,
  type CountingLimiter,
  countingLimiters,
} from '../testing/counting-limiter';
import { answer, FakeExchange } from '../testing/fake-exchange';
import { ExchangeMalformed, ExchangeRateLimited, ExchangeUnavailable } from './exchange-error';
import type { LimitGroup } from './limit-group';
import { UpbitRestClient } from './upbit-rest-client';

const signal = new AbortController().signal;
const NOT_FOUND = '{"error":{"name":404,"message":"Code not found"}}';
const NO_PARAMETER =
  '{"error":{"message":"Missing request parameter error. Check the required parameters!","name":400}}';

describe('a question that is passed on', () => {
  let exchange: FakeExchange;
  let clock: ManualClock;
  let limiters: Record<LimitGroup, CountingLimiter>;
  let client: UpbitRestClient;

  beforeEach(async () => {
    exchange = await FakeExchange.start();
    clock = new ManualClock();
    limiters = countingLimiters(clock);
    const log = silentLogger;
    client = new UpbitRestClient({ baseUrl: exchange.url, version: '1.2.3', limiters, clock, log });
  });

  afterEach(async () => {
    client.close();
    await exchange.close();
  });

  it('is answered with the exact text, when it was asked, and what is left', async () => {
    await clock.advance(250);
    const body = '[ {"trade_price":103460000.00000000,"change_rate":0E-10} ]\n';
    const headers = { 'Remaining-Req': 'group=ticker; min=600; sec=8' };
    exchange.answersWith(answer({ body, headers }));
    expect(await forward('/v1/ticker', 'markets=KRW-BTC')).toEqual({
      status: 200,
      body,
      askedMonotonicMs: 250,
      remainingInSecond: 8,
    });
  });

  it.each([
    ['/v1/ticker', 'ticker'],
    ['/v1/ticker/all', 'ticker'],
    ['/v1/trades/ticks', 'crix-trades'],
    ['/v1/orderbook', 'orderbook'],
    ['/v1/orderbook/instruments', 'orderbook'],
  ] as const)('to %s spends one permit of %s and of no other group', async (path, group) => {
    await forward(path, '');
    expect(exchange.requests[0]?.url).toBe(path);
    for (const [name, { taken, released }] of Object.entries(limiters)) {
      expect(taken).toHaveLength(name === group ? 1 : 0);
      expect(released).toEqual(taken);
    }
  });

  it.each([
    'markets=KRW-BTC,KRW-ETH',
    'markets=KRW-BTC%2CKRW-ETH',
    'market=KRW-BTC&to=14:41:00&count=1&to=x',
    'a=%zz&b[]=1|2&c=~^`{}\\&d=100%&e=+&&=',
    '?markets=KRW-BTC/../x',
  ])('arrives with its query as it came: %s', async (query) => {
    await forward('/v1/ticker', query);
    expect(exchange.requests[0]?.url).toBe(`/v1/ticker?${query}`);
  });

  it.each(['a b', 'a\tb', 'a\r\nX: y', 'a#b', "a'b", 'a"b', 'a<b', 'a>b', '비트코인', '\u007f'])(
    'is not sent with a query that would arrive as another: %j',
    async (query) => {
      await expect(forward('/v1/ticker', query)).rejects.toThrow(InvalidValue);
      expect(limiters.ticker.taken).toHaveLength(0);
    },
  );

  it.each(['/v1/candles/days', '/v1/accounts', '/v1/ticker/', '/v1/ticker?a=b', 'toString', ''])(
    'is not sent to %j, which is no path to pass on',
    async (path) => {
      await expect(forward(path, '')).rejects.toThrow('is not passed on to the exchange');
      expect(exchange.requests).toHaveLength(0);
    },
  );

  it.each([
    [404, NOT_FOUND],
    [400, NO_PARAMETER],
    [404, '{"error":{"name":"not_found","message":"no Route matched with those values"}}'],
  ])('is answered by a %d in the words of the exchange', async (status, body) => {
    exchange.answersWith(answer({ status, body }));
    expect(await forward('/v1/orderbook', 'markets=KRW-NOPE')).toMatchObject({ status, body });
  });

  it.each([
    ['a page for people', 404, '<html>not here</html>', ExchangeUnavailable],
    ['an error of another shape', 400, '{"message":"no"}', ExchangeUnavailable],
    ['an error without a name', 400, '{"error":{"message":"no"}}', ExchangeUnavailable],
    ['a broken gateway', 502, NOT_FOUND, ExchangeUnavailable],
    ['a redirect', 302, '', ExchangeUnavailable],
    ['a limit', 429, 'Too many API requests.', ExchangeRateLimited],
    ['no JSON', 200, '[{"trade_price":NaN}]', ExchangeMalformed],
    ['a cut list', 200, '[{"trade_price":1},', ExchangeMalformed],
    ['nothing', 200, '', ExchangeMalformed],
    ['an error with status 200', 200, NOT_FOUND, ExchangeMalformed],
  ])('fails on %s', async (_what, status, body, type) => {
    exchange.answersWith(answer({ status, body }));
    await expect(forward('/v1/trades/ticks', 'market=KRW-BTC')).rejects.toThrow(type);
  });

  it('tells the limiter of its own group, and no other, of a 429', async () => {
    exchange.answersWith(answer({ status: 429, body: 'Too many API requests.' }));
    await expect(forward('/v1/trades/ticks', '')).rejects.toThrow(ExchangeRateLimited);
    for (const [group, { endings }] of Object.entries(limiters)) {
      expect(endings).toEqual(group === 'crix-trades' ? [{ kind: 'rate-limited' }] : []);
    }
  });

  async function forward(path: string, query: string) {
    return client.forward({ path, query, signal, demand });
  }
});
