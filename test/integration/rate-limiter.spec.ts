import { SystemClock } from '@candlekeep/clock';
import {
  type Demand,
  type LimitPolicy,
  NoPermit,
  type Permit,
  RateLimiter,
  readBudgets,
  steadyDemand,
} from '@candlekeep/rate-limiter';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import { redisUrl } from '../support/servers';

const clock = new SystemClock();
const WINDOW_MS = 120;
const MARGIN_MS = 20;
const REST_MS = WINDOW_MS + MARGIN_MS;
const CALL_MS = 260;
const LATE_MS = 20;
const LEASE_MS = CALL_MS + WINDOW_MS + LATE_MS;
const ANSWERED = { kind: 'answered' } as const;
const AT_ONCE = 60;

describe('rate limiter', () => {
  let redis: RedisConnection;
  let policy: LimitPolicy & { limit: number };
  let slotsKey: string;

  beforeAll(() => {
    redis = openRedis({
      url: redisUrl(),
      role: 'command',
      name: 'rate-limiter-spec',
      onError: ignore,
    });
  });

  beforeEach(() => {
    const egressId = `spec-${clock.token()}`;
    policy = {
      ...{ egressId, group: 'candles', limit: 3 },
      ...{ windowMs: WINDOW_MS, marginMs: MARGIN_MS, lateMs: LATE_MS, leaseMs: LEASE_MS },
    };
    slotsKey = keys.limit(egressId, 'candles', 'slots');
  });

  afterEach(async () => {
    const { egressId } = policy;
    const parts = ['slots', 'sent', 'waiting', 'patience', 'state'];
    await redis.del(...parts.map((part) => keys.limit(egressId, 'candles', part)));
    await redis.del(keys.limitCircuit(egressId));
    await redis.zrem(keys.limitGroups, `${egressId} candles`);
  });

  afterAll(async () => {
    await redis.quit();
  });

  it('starts with zero credit when nothing is known, for one rest', async () => {
    const startMs = clock.monotonicMs();
    await newLimiter().take(soon(), bot());
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('has begun that rest already when it was woken before', async () => {
    const limiter = newLimiter();
    await limiter.wake();
    await clock.sleep(REST_MS);
    const startMs = clock.monotonicMs();
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - startMs).toBeLessThan(REST_MS);
  });

  it('grants the whole limit at once to the most urgent, then makes them wait', async () => {
    const limiter = await newSettledLimiter();
    await takeAll(limiter);
    await expectLimited(limiter);
  });

  it('frees a slot one rest after its answer, not sooner', async () => {
    const limiter = await newSettledLimiter();
    const [permit] = await takeAll(limiter);
    const releasedMs = clock.monotonicMs();
    await limiter.release(permit!, ANSWERED);
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - releasedMs).toBeGreaterThanOrEqual(REST_MS);
    await expectLimited(limiter);
  });

  it('frees the slot of a call that was not sent at once', async () => {
    const limiter = await newSettledLimiter();
    const [permit] = await takeAll(limiter);
    await limiter.release(permit!, { kind: 'unused' });
    await expect(limiter.take(soon(), within(AT_ONCE))).resolves.toHaveProperty('token');
  });

  it('frees the slot of a worker that died when its lease ends, not sooner', async () => {
    const [permit] = await takeAll(await newSettledLimiter());
    const sentMs = permit!.answerBeforeMonotonicMs - CALL_MS;
    await newLimiter().take(soon(), bot());
    expect(clock.monotonicMs() - sentMs).toBeGreaterThanOrEqual(WINDOW_MS + LATE_MS);
  });

  it('keeps the slot of a call that was given up until its lease ends', async () => {
    const limiter = await newSettledLimiter();
    const [permit] = await takeAll(limiter);
    await limiter.release(permit!, { kind: 'left' });
    await expectLimited(limiter);
    await limiter.take(soon(), bot());
    const sentMs = permit!.answerBeforeMonotonicMs - CALL_MS;
    expect(clock.monotonicMs() - sentMs).toBeGreaterThanOrEqual(LEASE_MS - 1);
  });

  it('starts with zero credit again when the slots were lost', async () => {
    const limiter = await newSettledLimiter();
    await takeAll(limiter);
    await redis.del(slotsKey);
    const lostMs = clock.monotonicMs();
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - lostMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('learns again of a call under way when the slots were lost', async () => {
    const slow = new RateLimiter(redis, { ...policy, leaseMs: 5_000 }, clock);
    await settle(slow);
    const [permit] = await takeAll(slow);
    await redis.del(slotsKey);
    await clock.sleep(400);
    expect(await redis.zscore(slotsKey, permit!.token)).not.toBeNull();
    await slow.release(permit!, ANSWERED);
  });

  it('starts with zero credit when another server kept the slots, and still honours its leases', async () => {
    const limiter = await newSettledLimiter();
    const [server] = await redis.zrangebyscore(slotsKey, '+inf', '+inf');
    await redis.zrem(slotsKey, server!);
    const leasedMs = await futureMs(10_000);
    await redis.zadd(slotsKey, '+inf', 'server:the-old-master', leasedMs, 'under-way');
    await expectLimited(limiter);
    await limiter.release(await limiter.take(soon(), bot()), ANSWERED);
    await takeAll(limiter, policy.limit - 2);
    await expectLimited(limiter);
    expect(await redis.zscore(slotsKey, 'server:the-old-master')).toBeNull();
  });

  it('takes back a permit whose slots were lost while its call was under way', async () => {
    const limiter = await newSettledLimiter();
    const [permit] = await takeAll(limiter);
    await redis.del(slotsKey);
    await limiter.release(permit!, ANSWERED);
    expect(await redis.zscore(slotsKey, permit!.token)).not.toBeNull();
    await expectLimited(limiter);
  });

  it('tells at once when a pause is longer than there is time, and leaves no place behind', async () => {
    const limiter = await newSettledLimiter();
    const permit = await limiter.take(soon(), bot());
    expect(await limiter.release(permit, { kind: 'banned', statedMs: 30_000 })).toBe(31_000);
    const refused = limiter.take(soon(), within(2_000));
    await expect(refused).rejects.toBeInstanceOf(NoPermit);
    await expect(refused).rejects.toMatchObject({ retryable: true, reason: 'banned' });
    expect(await redis.zcard(keys.limit(policy.egressId, 'candles', 'waiting'))).toBe(0);
  });

  it('goes on by itself when a pause ends', async () => {
    const limiter = await newSettledLimiter();
    const pausedMs = clock.monotonicMs();
    await limiter.release(await limiter.take(soon(), bot()), { kind: 'rate-limited' });
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - pausedMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('recovers when the server clock was set back by an hour', async () => {
    const limiter = await newSettledLimiter();
    const aheadMs = await futureMs(3_600_000);
    await redis.zadd(slotsKey, aheadMs, 'a', aheadMs, 'b', aheadMs, 'c');
    await expectLimited(limiter);
    const horizonMs = await futureMs(60_001);
    expect(await redis.zcount(slotsKey, `(${horizonMs}`, '(+inf')).toBe(0);
  });

  it('gives a permit its instants on the monotonic clock of the taker', async () => {
    const limiter = await newSettledLimiter();
    const beforeMs = clock.monotonicMs();
    const permit = await limiter.take(soon(), bot());
    expect(permit.sendBeforeMonotonicMs).toBeGreaterThanOrEqual(beforeMs + CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs - permit.sendBeforeMonotonicMs).toBeCloseTo(CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs).toBeLessThanOrEqual(clock.monotonicMs() + CALL_MS);
  });

  it('gives every key an end, and tells what it knows', async () => {
    const limiter = await newSettledLimiter();
    await limiter.take(soon(), bot());
    const found = await redis.keys(`{ck:limit:${policy.egressId}}:*`);
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const key of found) expect(await redis.pttl(key)).toBeGreaterThan(0);
    const budgets = await readBudgets(redis);
    expect(budgets.find(({ egressId }) => egressId === policy.egressId)).toMatchObject({
      circuit: { state: 'closed' },
      groups: [{ group: 'candles', limit: 3, allowed: 3, inFlight: 1, perMinute: { limit: 0 } }],
    });
  });

  function newLimiter(): RateLimiter {
    return new RateLimiter(redis, policy, clock);
  }

  /** One that owes nothing: its first call was answered, and all slots are free. */
  async function newSettledLimiter(): Promise<RateLimiter> {
    const limiter = newLimiter();
    await settle(limiter);
    return limiter;
  }

  async function settle(limiter: RateLimiter): Promise<void> {
    await limiter.wake();
    await limiter.release(await limiter.take(soon(), bot()), ANSWERED);
    await clock.sleep(REST_MS);
  }

  async function takeAll(limiter: RateLimiter, count = policy.limit): Promise<Permit[]> {
    const permits: Permit[] = [];
    while (permits.length < count) permits.push(await limiter.take(soon(), within(AT_ONCE)));
    return permits;
  }

  async function expectLimited(limiter: RateLimiter): Promise<void> {
    await expect(limiter.take(soon(), within(AT_ONCE))).rejects.toBeInstanceOf(NoPermit);
  }

  async function futureMs(aheadMs: number): Promise<number> {
    const [seconds, microseconds] = await redis.time();
    return Number(seconds) * 1_000 + Math.ceil(Number(microseconds) / 1_000) + aheadMs;
  }
});

function bot(): Demand {
  return steadyDemand(0);
}

function within(ms: number): Demand {
  return { ...bot(), untilMonotonicMs: clock.monotonicMs() + ms };
}

function soon(): AbortSignal {
  return AbortSignal.timeout(5_000);
}

function ignore(): void {
  // A command that fails rejects by itself.
}
