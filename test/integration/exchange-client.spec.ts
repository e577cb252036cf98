import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import { SystemClock } from '@candlekeep/clock';
import {
  byLimitGroup,
  ExchangePaused,
  ExchangeRateLimited,
  ExchangeUnavailable,
  UpbitRestClient,
} from '@candlekeep/exchange-client';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { RateLimiter, steadyDemand } from '@candlekeep/rate-limiter';
import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { forgetBudgets } from '../support/forget-budgets';
import { redisUrl } from '../support/servers';

const clock = new SystemClock();
const WINDOW_MS = 150;
const LIMIT = 5;
const WORKERS = 3;
/** In a row, and the limiter takes the exchange for down. */
const FAILURES = 5;
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };

describe('exchange client under the cluster limit', () => {
  let egressId: string;
  let redis: RedisConnection[];
  let clients: UpbitRestClient[];
  let server: http.Server;
  let arrivals: number[];
  let reply: (response: ServerResponse) => void;

  beforeEach(async () => {
    arrivals = [];
    reply = (response) => response.end('[]');
    server = http.createServer((_request, response) => {
      arrivals.push(clock.monotonicMs());
      reply(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    egressId = `spec-${clock.token()}`;
    redis = Array.from({ length: WORKERS }, (_, index) =>
      openRedis({ url: redisUrl(), role: 'command', name: `client-${index}`, onError: ignore }),
    );
    clients = redis.map(newClient);
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await forgetBudgets(redis[0]!, egressId);
    await Promise.all(redis.map(async (connection) => connection.quit()));
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('sends at most the limit in any window, from three workers with slow and quick answers', async () => {
    reply = (response) => {
      void clock.sleep(clock.random() * 60).then(() => response.end('[]'));
    };
    const asked = Array.from({ length: 30 }, async (_, index) => ask(clients[index % WORKERS]!));
    await Promise.all(asked);
    expect(arrivals).toHaveLength(30);
    expect(mostInAnyWindow(arrivals)).toBeLessThanOrEqual(LIMIT);
  });

  it('counts calls that fail: a reset spends its permit like an answer', async () => {
    reply = (response) => {
      if (arrivals.length % 2 === 0) response.end('[]');
      else response.socket?.resetAndDestroy();
    };
    const asked = Array.from({ length: 12 }, async (_, index) => ask(clients[index % WORKERS]!));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(6);
    expect(arrivals).toHaveLength(12);
    expect(mostInAnyWindow(arrivals)).toBeLessThanOrEqual(LIMIT);
  });

  it('asks no more, in any worker, when five calls in a row came to nothing, and says until when', async () => {
    reply = (response) => response.socket?.resetAndDestroy();
    for (let call = 0; call < FAILURES; call += 1) {
      await expect(ask(clients[0]!)).rejects.toThrow(ExchangeUnavailable);
    }
    for (const client of clients) {
      const denial = await ask(client, 100).catch((error: unknown) => error);
      expect(denial).toBeInstanceOf(ExchangePaused);
      expect(denial).toMatchObject({ reason: 'unavailable', retryable: true });
    }
    expect(arrivals).toHaveLength(FAILURES);
  });

  it('stops every worker after a 429, until the pause is over', async () => {
    reply = (response) => response.writeHead(429).end('Too many API requests.');
    const refusal = await ask(clients[0]!).catch((error: unknown) => error);
    if (!(refusal instanceof ExchangeRateLimited)) throw new Error('the 429 was not understood');
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    const refusedMs = arrivals[0]!;
    reply = (response) => response.end('[]');
    await Promise.all(clients.map((client) => ask(client)));
    expect(arrivals[1]! - refusedMs).toBeGreaterThanOrEqual(refusal.retryAfterMs - 1);
  });

  function newClient(connection: RedisConnection): UpbitRestClient {
    const policy = { egressId, limit: LIMIT, windowMs: WINDOW_MS, marginMs: 10 };
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return new UpbitRestClient({
      baseUrl: `http://127.0.0.1:${address.port}`,
      version: '0.0.0',
      limiters: byLimitGroup((group) => new RateLimiter(connection, { ...policy, group }, clock)),
      clock,
      log: silentLogger,
    });
  }
});

async function ask(client: UpbitRestClient, patienceMs = Infinity): Promise<unknown> {
  const signal = AbortSignal.timeout(20_000);
  const untilMonotonicMs = clock.monotonicMs() + patienceMs;
  const demand = { ...steadyDemand(0), untilMonotonicMs };
  return client.getCandles({ series, count: 200, signal, demand });
}

function mostInAnyWindow(stamps: readonly number[]): number {
  const sorted = stamps.toSorted((a, b) => a - b);
  const counts = sorted.map(
    (fromMs, first) => sorted.slice(first).filter((ms) => ms < fromMs + WINDOW_MS).length,
  );
  return Math.max(...counts);
}

function ignore(): void {
  // A command that fails rejects by itself.
}
