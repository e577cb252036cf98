import { AccessUnavailable, Quotas, quotaOf, RowCounters, SessionBook } from '@candlekeep/access';
import { SystemClock } from '@candlekeep/clock';
import { openRedis, type RedisConnection, watchPoison } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { redisUrl } from '../support/servers';

const clock = new SystemClock();
const NOBODY_LISTENS = 'redis://127.0.0.1:1';

function connect(url: string): RedisConnection {
  return openRedis({ url, role: 'command', name: 'access', onError: () => undefined });
}

describe('what keys may be answered', () => {
  let redis: RedisConnection;
  let away: RedisConnection;
  /** No two tests count at one key. */
  const freshKey = () => clock.token();

  beforeAll(async () => {
    redis = connect(redisUrl());
    away = connect(NOBODY_LISTENS);
    await redis.ping();
  });

  afterAll(() => {
    redis.disconnect();
    away.disconnect();
  });

  it('is counted over all gateways, in a burst and in a minute', async () => {
    const gateways = [redis, redis].map((server) => new RowCounters(quotaOf(300), server));
    const key = freshKey();
    for (const gateway of gateways) {
      expect(await gateway.draw(key, 50)).toMatchObject({ kind: 'granted' });
    }
    const spent = await gateways[0]!.draw(key, 50);
    expect(spent).toMatchObject({ kind: 'spent', window: 'burst' });
    if (spent.kind === 'spent') {
      expect(spent.retryAfterMs).toBeGreaterThan(0);
      expect(spent.retryAfterMs).toBeLessThanOrEqual(5_000);
    }
    await gateways[1]!.settle(key, 200);
    expect(await gateways[0]!.draw(key, 1)).toMatchObject({ kind: 'spent', window: 'sustained' });
  });

  it('is closed for as many minutes as an answer was longer than one', async () => {
    const counters = new RowCounters(quotaOf(100), redis);
    const key = freshKey();
    await counters.settle(key, 250);
    const draw = await counters.draw(key, 1);
    expect(draw).toMatchObject({ kind: 'spent', window: 'sustained' });
    if (draw.kind === 'spent') expect(draw.retryAfterMs).toBeGreaterThan(140_000);
  });

  it('is closed by a debt of any size, which nobody takes for poison, a day at most', async () => {
    const poisoned: unknown[] = [];
    watchPoison(redis, (poison) => poisoned.push(poison));
    const counters = new RowCounters(quotaOf(1), redis);
    const key = freshKey();
    await counters.settle(key, 100_000);
    for (let i = 0; i < 2; i += 1) {
      const draw = await counters.draw(key, 1);
      expect(draw).toMatchObject({ kind: 'spent', window: 'sustained' });
      if (draw.kind === 'spent') expect(draw.retryAfterMs).toBeLessThanOrEqual(24 * 3_600_000);
      await counters.settle(key, 2 ** 50);
    }
    expect(poisoned).toEqual([]);
  });

  it('is closed for as long as what all gateways answered beyond takes together', async () => {
    const gateways = [0, 1, 2].map(() => new RowCounters(quotaOf(60), redis));
    const key = freshKey();
    await Promise.all(gateways.map((gateway) => gateway.settle(key, 60)));
    const draw = await gateways[0]!.draw(key, 1);
    expect(draw).toMatchObject({ kind: 'spent', window: 'sustained' });
    if (draw.kind === 'spent') expect(draw.retryAfterMs).toBeGreaterThan(170_000);
  });

  it('is no more than a few rows a minute of a key that may have no more, however long its answers are', async () => {
    const principal = { kind: 'key', id: freshKey(), name: 'x', scopes: ['read'] } as const;
    const { allowance } = new Quotas({ redis, clock, log: silentLogger }).of({
      ...{ principal, rowsPerMinute: 60 },
    });
    const answered: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const admission = await allowance.admit();
      if (admission.kind === 'spent') continue;
      allowance.pay(10_000);
      answered.push(10_000);
    }
    expect(answered).toHaveLength(1);
    const refused = await allowance.admit();
    if (refused.kind === 'spent') expect(refused.retryAfterMs).toBeGreaterThan(9_000_000);
    expect(refused.kind).toBe('spent');
  });

  it('costs the minute nothing where the burst refuses it', async () => {
    const quota = { sustained: { rows: 1_000, seconds: 60 }, burst: { rows: 100, seconds: 1 } };
    const counters = new RowCounters(quota, redis);
    const key = freshKey();
    expect(await counters.draw(key, 100)).toMatchObject({ kind: 'granted', remaining: 900 });
    expect(await counters.draw(key, 100)).toMatchObject({ kind: 'spent', window: 'burst' });
    await clock.sleep(1_100);
    expect(await counters.draw(key, 50)).toMatchObject({ kind: 'granted', remaining: 850 });
  });

  it('is counted by each process for itself, at once, while Redis is away', async () => {
    const counters = new RowCounters(quotaOf(300), away);
    const key = freshKey();
    const startMs = clock.monotonicMs();
    expect(await counters.draw(key, 100)).toMatchObject({ kind: 'granted', remaining: 200 });
    expect(await counters.draw(key, 100)).toMatchObject({ kind: 'spent', window: 'burst' });
    await counters.settle(key, 250);
    expect(await counters.draw(key, 1)).toMatchObject({ kind: 'spent', window: 'sustained' });
    expect(clock.monotonicMs() - startMs).toBeLessThan(1_000);
  });

  it('never grants more than the quota and one allotment for each process', async () => {
    const principal = { kind: 'key', id: freshKey(), name: 'x', scopes: ['read'] } as const;
    const holder = { principal, rowsPerMinute: 3_000 };
    const processes = [0, 1, 2].map(() => new Quotas({ redis, clock, log: silentLogger }));
    const admissions = await Promise.all(
      processes.flatMap((quotas) =>
        Array.from({ length: 600 }, async () => await quotas.of(holder).allowance.admit()),
      ),
    );
    const granted = admissions.filter(({ kind }) => kind === 'granted').length;
    // A third of the minute is one burst; an allotment is a 200th.
    expect(granted).toBeGreaterThanOrEqual(1_000 - 3 * 15);
    expect(granted).toBeLessThanOrEqual(1_000);
  });
});

describe('the logins of people', () => {
  it('are known to every gateway until they end, and nowhere kept in words', async () => {
    const [redis, other] = [connect(redisUrl()), connect(redisUrl())];
    const [sessions, elsewhere] = [new SessionBook(redis), new SessionBook(other)];
    const token = await sessions.open('abcd2345');
    expect(await elsewhere.find(token)).toBe('abcd2345');
    expect(await elsewhere.find(`${token.slice(0, -1)}-`)).toBeUndefined();
    expect(await elsewhere.find('')).toBeUndefined();
    expect(await redis.keys(`*${token}*`)).toEqual([]);
    await elsewhere.end(token);
    expect(await sessions.find(token)).toBeUndefined();
    redis.disconnect();
    other.disconnect();
  });

  it('cannot be judged while Redis is away', async () => {
    const away = connect(NOBODY_LISTENS);
    await expect(new SessionBook(away).find('x'.repeat(43))).rejects.toThrow(AccessUnavailable);
    away.disconnect();
  });
});
