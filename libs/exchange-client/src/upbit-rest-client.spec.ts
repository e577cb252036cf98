import { gzipSync } from 'node:zlib';
import { ManualClock } from '@candlekeep/clock';
import { InvalidValue, parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import {
  anyDemand as demand,
  type CountingLimiter,
  countingLimiters,
} from '../testing/counting-limiter';
import { answer, capturedBody, FakeExchange } from '../testing/fake-exchange';
import {
  ExchangeMalformed,
  ExchangeUnavailable,
  LimiterUnavailable,
  UnknownMarket,
} from './exchange-error';
import type { LimitGroup } from './limit-group';
import { type CandlePage, UpbitRestClient } from './upbit-rest-client';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const BODY = capturedBody('minutes-1');

describe('Upbit REST client', () => {
  let exchange: FakeExchange;
  let clock: ManualClock;
  let limiters: Record<LimitGroup, CountingLimiter>;
  let candles: CountingLimiter;
  let market: CountingLimiter;
  let client: UpbitRestClient;

  beforeEach(async () => {
    exchange = await FakeExchange.start();
    exchange.answersWith(answer({ body: BODY }));
    clock = new ManualClock();
    limiters = countingLimiters(clock);
    ({ candles, market } = limiters);
    client = newClient(exchange.url);
  });

  afterEach(async () => {
    client.close();
    await exchange.close();
  });

  it('says when the exchange answered, by its own clock, and what it still allows', async () => {
    const headers = { 'Remaining-Req': 'group=candles; min=600; sec=7' };
    exchange.answersWith(answer({ body: BODY, headers }));
    const page = await getCandles();
    expect(page.readAtMs).toBe(Date.UTC(2026, 2, 11, 14, 40, 59));
    expect(page.remainingInSecond).toBe(7);
  });

  it('tells the exchange’s time for one call of group ticker', async () => {
    const { readAtMs } = await client.getTime({ signal: new AbortController().signal, demand });
    expect(readAtMs).toBe(Date.UTC(2026, 2, 11, 14, 40, 59));
    expect(exchange.requests.map(({ url }) => url)).toEqual(['/v1/ticker?markets=KRW-BTC']);
    expect([limiters.ticker.taken.length, candles.taken.length]).toEqual([1, 0]);
  });

  it('gets by without Remaining-Req', async () => {
    expect(await getCandles()).not.toHaveProperty('remainingInSecond');
  });

  it.each([undefined, '', 'yesterday', '2026-03-11T14:40:59Z', 'Wed, 11 Mar 2026 14:40:59 KST'])(
    'refuses an answer whose Date header is %j',
    async (date) => {
      exchange.answersWith((response) => {
        response.sendDate = false;
        if (date !== undefined) response.setHeader('Date', date);
        response.end(BODY);
      });
      await expect(getCandles()).rejects.toThrow(/its Date header is/);
    },
  );

  it('names itself, asks for gzip, and never sends an Origin', async () => {
    await getCandles();
    const { headers, method, url } = exchange.requests[0]!;
    expect(headers).toMatchObject({ 'user-agent': 'candlekeep/1.2.3', 'accept-encoding': 'gzip' });
    expect(headers).not.toHaveProperty('origin');
    expect(`${method} ${url}`).toBe('GET /v1/candles/minutes/1?market=KRW-BTC&count=1');
  });

  it('reads a gzipped answer', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    exchange.answersWith(answer({ body: gzipSync(BODY), headers }));
    expect((await getCandles()).candles).toHaveLength(1);
  });

  it('keeps its connection', async () => {
    await getCandles();
    await getCandles();
    const [first, second] = exchange.requests;
    expect(first?.socket).toBe(second?.socket);
  });

  it('takes one permit of the right group for each send and gives it back', async () => {
    await getCandles();
    expect(candles.released).toEqual(candles.taken);
    expect(candles.taken).toHaveLength(1);
    expect(market.taken).toHaveLength(0);
    exchange.answersWith(answer({ body: capturedBody('market-all') }));
    await client.getMarketList({ details: false, signal: never(), demand });
    expect(market.released).toEqual(market.taken);
    expect(market.taken).toHaveLength(1);
  });

  it('spends no permit on a question that cannot be asked', async () => {
    await expect(
      client.getCandles({ series, count: 201, signal: never(), demand }),
    ).rejects.toThrow(InvalidValue);
    expect(candles.taken).toHaveLength(0);
  });

  it('sends no second time when a kept connection is reset', async () => {
    await getCandles();
    exchange.answersWith((_response, request) => request.socket.resetAndDestroy());
    await expect(getCandles()).rejects.toThrow(ExchangeUnavailable);
    expect(exchange.requests).toHaveLength(2);
    expect(candles.released).toEqual(candles.taken);
    expect(candles.taken).toHaveLength(2);
  });

  it('follows no redirect', async () => {
    exchange.answersWith(answer({ status: 302, body: '', headers: { Location: '/elsewhere' } }));
    await expect(getCandles()).rejects.toThrow(ExchangeUnavailable);
    expect(exchange.requests).toHaveLength(1);
  });

  it('uses nothing of an answer that breaks off', async () => {
    exchange.answersWith((response) => {
      response.writeHead(200, { 'Content-Length': BODY.length });
      response.write(BODY.slice(0, 100), () => response.destroy());
    });
    const failure = await getCandles().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExchangeUnavailable);
    expect(failure).toHaveProperty('cause');
  });

  it('uses nothing of a gzipped answer that is cut short', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    exchange.answersWith(answer({ body: gzipSync(BODY).subarray(0, -20), headers }));
    await expect(getCandles()).rejects.toThrow(ExchangeUnavailable);
  });

  it('refuses bytes that are no text', async () => {
    exchange.answersWith(answer({ body: Buffer.from([0x5b, 0xff, 0x5d]) }));
    await expect(getCandles()).rejects.toThrow(ExchangeMalformed);
  });

  it('reports a host that does not listen', async () => {
    await exchange.close();
    await expect(getCandles()).rejects.toThrow(/ECONNREFUSED/);
    exchange = await FakeExchange.start();
  });

  it('reports a name that does not resolve', async () => {
    client = newClient('http://exchange.invalid');
    await expect(getCandles()).rejects.toThrow(ExchangeUnavailable);
  });

  it('sends nothing without a limiter', async () => {
    candles.beforeGrant = async () => Promise.reject(new Error('connection is closed'));
    await expect(getCandles()).rejects.toThrow(LimiterUnavailable);
    expect(exchange.requests).toHaveLength(0);
  });

  it('names the market that the exchange does not list', async () => {
    const body = '{"error":{"name":404,"message":"Code not found"}}';
    exchange.answersWith(answer({ status: 404, body }));
    await expect(getCandles()).rejects.toThrow(UnknownMarket);
  });

  function newClient(baseUrl: string): UpbitRestClient {
    return new UpbitRestClient({ baseUrl, version: '1.2.3', limiters, clock, log: silentLogger });
  }

  async function getCandles(signal = never()): Promise<CandlePage> {
    return client.getCandles({ series, count: 1, signal, demand });
  }
});

function never(): AbortSignal {
  return new AbortController().signal;
}
