import { SystemClock } from '@candlekeep/clock';
import { FeedPublisher } from '@candlekeep/feed';
import { parseMarketCode } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';
import { EventFollower } from '../support/stream/event-follower';
import { statusOf } from '../support/stream/feed-sides';
import { StreamFollower } from '../support/stream/stream-follower';

const MINUTE_MS = 60_000;
const clock = new SystemClock();
const candle = z.strictObject({
  ...{ market: z.string(), timeframe: z.string(), openMs: z.number(), openTime: z.string() },
  ...{ open: z.string(), high: z.string(), low: z.string(), close: z.string() },
  ...{ volume: z.string(), turnover: z.string(), timestampMs: z.number() },
  ...{
    final: z.boolean(),
    asOfMs: z.number(),
    daily: z
      .object({ previousClose: z.string(), change: z.string(), changeRate: z.string() })
      .optional(),
  },
});

describe('the events of a gateway', () => {
  let house: House;
  const followers: EventFollower[] = [];

  const open = async (query: string, lastEventId?: string): Promise<EventFollower> => {
    const url = `${house.gateways[0]!.url()}/api/stream?${query}`;
    const follower = await EventFollower.open(url, lastEventId);
    followers.push(follower);
    return follower;
  };
  const candlesOf = (follower: EventFollower) =>
    follower.events
      .filter(({ event }) => event === 'candle')
      .map(({ data }) => candle.parse(JSON.parse(data)));
  const finalsOf = (follower: EventFollower) => candlesOf(follower).filter(({ final }) => final);

  beforeAll(async () => {
    const environment = { CORS_ORIGINS: 'https://charts.example' };
    const redisDatabase = redisDatabases.streamEvents;
    house = await House.start({ redisDatabase, gateways: 2, environment });
  });
  afterEach(() => {
    for (const follower of followers.splice(0)) follower.close();
  });
  afterAll(() => house.close());

  it('begin with the newest candle of every series, in the exchange’s digits', async () => {
    const codes = ['1m', '3m', '60m', '1d', '1w', '1M', '1y'];
    const follower = await open(codes.map((code) => `series=KRW-BTC:${code}`).join('&'));
    await waitFor(() => {
      const told = new Set(candlesOf(follower).map(({ timeframe }) => timeframe));
      expect([...told].sort()).toEqual([...codes].sort());
    });
    expect(follower.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(follower.retryMs).toBe(2_000);
    const day = await house.ask('/v1/candles/days?market=KRW-BTC');
    const told = candlesOf(follower).find(({ timeframe }) => timeframe === '1d');
    expect(day.body).toContain(`"opening_price":${told?.open},`);
    expect(told?.openTime).toBe(new Date(told?.openMs ?? 0).toISOString().replace('.000', ''));
    expect(day.body).toContain(`"prev_closing_price":${told?.daily?.previousClose},`);
  });

  it('tell a client that comes back which candles have become final since', async () => {
    const sinceMs = Math.floor(clock.nowMs() / MINUTE_MS - 12) * MINUTE_MS;
    const id = `KRW-BTC:1m=${sinceMs / 1_000},KRW-ETH:5m=${sinceMs / 1_000}`;
    const follower = await open('series=KRW-BTC:1m&series=KRW-ETH:5m', id);
    await waitFor(() => {
      expect(finalsOf(follower).length).toBeGreaterThanOrEqual(12);
    });
    const minutes = finalsOf(follower).filter(({ timeframe }) => timeframe === '1m');
    const opens = minutes.map(({ openMs }) => openMs);
    expect(opens).toEqual(opens.map((_, i) => sinceMs + i * MINUTE_MS));
    const truth = await house.askExchange('/v1/candles/minutes/1?market=KRW-BTC&count=20');
    for (const { openTime, close, volume, turnover } of minutes) {
      const row = truth.body.split('},{').find((text) => text.includes(openTime.slice(0, -1)));
      expect(row).toContain(`"trade_price":${close},`);
      const sums = `"candle_acc_trade_price":${turnover},"candle_acc_trade_volume":${volume},`;
      expect(row).toContain(sums);
    }
  });

  it('tell each final candle once, across gateways', async () => {
    const sinceMs = Math.floor(clock.nowMs() / MINUTE_MS - 3) * MINUTE_MS;
    const first = await open('series=KRW-BTC:1m', `KRW-BTC:1m=${sinceMs / 1_000}`);
    await waitFor(() => {
      expect(finalsOf(first).length).toBeGreaterThanOrEqual(2);
    });
    first.close();
    const url = `${house.gateways[1]!.url()}/api/stream?series=KRW-BTC:1m`;
    const second = await EventFollower.open(url, first.lastEventId);
    followers.push(second);
    await waitFor(() => {
      expect(finalsOf(second).length).toBeGreaterThanOrEqual(1);
    }, 70_000);
    const opens = [...finalsOf(first), ...finalsOf(second)].map(({ openMs }) => openMs);
    expect(opens).toEqual(opens.map((_, i) => sinceMs + i * MINUTE_MS));
  }, 90_000);

  it('say where more was missed than is told again', async () => {
    const sinceMs = Math.floor(clock.nowMs() / MINUTE_MS - 500) * MINUTE_MS;
    const follower = await open('series=KRW-BTC:1m', `KRW-BTC:1m=${sinceMs / 1_000}`);
    await waitFor(() => {
      expect(finalsOf(follower)).toHaveLength(200);
    });
    const [gap] = follower.events;
    expect(gap?.event).toBe('gap');
    const [oldest] = finalsOf(follower);
    expect(JSON.parse(gap?.data ?? '')).toEqual({
      ...{ market: 'KRW-BTC', timeframe: '1m', fromMs: sinceMs, untilMs: oldest?.openMs },
    });
  });

  it.each([
    ['', 'expected 1 to 20 of market and timeframe such as KRW-BTC:1m; there are 0'],
    ['series=KRW-BTC', 'the timeframe one of 1m, 3m'],
    ['series=KRW-BTC:2m', '"KRW-BTC:2m" is none'],
    ['series=nothing:1m', '"nothing:1m" is none'],
    ['series=KRW-BTC:1s', 'streamed as candle.1s'],
    ['series=KRW-NOPE:1m', 'expected a listed market; KRW-NOPE is none'],
    [
      Array.from({ length: 21 }, (_, i) => `series=KRW-X${i}:1m`).join('&'),
      'expected 1 to 20 of market and timeframe such as KRW-BTC:1m; there are 21',
    ],
  ])('are refused as a problem: %s', async (query, expected) => {
    const answer = await house.ask(`/api/stream?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ field: 'series' }] });
    expect(answer.body.replaceAll('\\"', '"')).toContain(expected);
  });

  it('may be read by the web pages that may read answers, and so may the exchange’s stream', async () => {
    const origin = 'https://charts.example';
    const url = house.gateways[0]!.url();
    const answer = await fetch(`${url}/api/stream?series=KRW-BTC:1m`, { headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    await answer.body?.cancel();
    const stream = await StreamFollower.open(url, { origin });
    await stream.close();
  });

  it('are asked for by HEAD without being told', async () => {
    const url = `${house.gateways[0]!.url()}/api/stream?series=KRW-BTC:1m`;
    const answer = await fetch(url, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it('are refused to an id that is none', async () => {
    const answer = await house.ask('/api/stream?series=KRW-BTC:1m', { 'Last-Event-ID': '17' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ field: 'Last-Event-ID' }] });
  });

  it('come with how live stands, where it does', async () => {
    const away = await house.ask('/api/live');
    expect(away.status).toBe(503);
    expect(away.headers['retry-after']).toBe('1');
    expect(away.body).toContain('no live process has told of itself');
    const publisher = new FeedPublisher({ redis: house.redis.queue, clock, log: silentLogger });
    const status = statusOf(parseMarketCode('KRW-BTC'));
    await publisher.status(status);
    const there = await house.ask('/api/live');
    expect(there.status).toBe(200);
    expect(JSON.parse(there.body)).toEqual(status);
    await publisher.close();
  });

  it('end with the gateway, and so does the exchange’s stream: 1001', async () => {
    const events = await open('series=KRW-BTC:1m');
    const stream = await StreamFollower.open(house.gateways[0]!.url());
    stream.subscribe([{ type: 'candle.1m', codes: ['KRW-BTC'] }]);
    await waitFor(() => {
      expect(candlesOf(events).length).toBeGreaterThan(0);
      expect(stream.frames.length).toBeGreaterThan(0);
    });
    const startMs = clock.monotonicMs();
    const [code] = await Promise.all([stream.closed, events.ended, house.gateways[0]!.stop()]);
    expect(code).toBe(1_001);
    expect(events.response.complete).toBe(true);
    expect(clock.monotonicMs() - startMs).toBeLessThan(5_000);
  });
});
