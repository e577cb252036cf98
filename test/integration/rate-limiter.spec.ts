import { SystemClock } from '@candlekeep/clock';
import { LimitPaused, RateLimiter, type LimitPolicy, type Permit } from '@candlekeep/rate-limiter';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import { redisUrl } from '../support/servers';

const clock = new SystemClock();
const WINDOW_MS = 120;
const MARGIN_MS = 20;
const REST_MS = WINDOW_MS + MARGIN_MS;
const LEASE_MS = 400;
const CALL_MS = LEASE_MS - REST_MS;

describe('rate limiter', () => {
  let redis: RedisConnection;
  let policy: LimitPolicy & { limit: number };
  let slotsKey: string;
  let pauseKey: string;

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
      egressId,
      group: 'candles',
      limit: 3,
      windowMs: WINDOW_MS,
      marginMs: MARGIN_MS,
      leaseMs: LEASE_MS,
    };
    slotsKey = keys.limit(egressId, 'candles', 'slots');
    pauseKey = keys.limit(egressId, 'candles', 'pause');
  });

  afterEach(async () => {
    await redis.del(slotsKey, pauseKey);
  });

  afterAll(async () => {
    await redis.quit();
  });

  it('does not make anyone wait through a pause that is longer than their patience', async () => {
    const limiter = newLimiter();
    await limiter.pause(30_000, 'banned');
    const never = AbortSignal.timeout(20_000);
    const refused = limiter.take(never, 1_000);
    await expect(refused).rejects.toBeInstanceOf(LimitPaused);
    await expect(refused).rejects.toMatchObject({ retryable: true });
  });

  it('starts with zero credit when nothing is known, for one rest', async () => {
    const limiter = newLimiter();
    const startMs = clock.monotonicMs();
    expect((await limiter.tryTake()).kind).toBe('limited');
    await takeAll(limiter);
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('grants the whole limit at once and then says when to ask again', async () => {
    const limiter = newLimiter();
    await takeAll(limiter);
    const next = await limiter.tryTake();
    expect(retryAfterMs(next)).toBeGreaterThan(0);
    // Slots are leased for 400 ms, yet an answer may come at any moment: it is worth asking after one rest.
    expect(retryAfterMs(next)).toBeLessThanOrEqual(REST_MS);
  });

  it('frees a slot one rest after its release, not sooner', async () => {
    const limiter = newLimiter();
    const [permit] = await takeAll(limiter);
    const releasedMs = clock.monotonicMs();
    await limiter.release(permit!);
    await limiter.take(soon());
    expect(clock.monotonicMs() - releasedMs).toBeGreaterThanOrEqual(REST_MS);
    expect((await limiter.tryTake()).kind).toBe('limited');
  });

  it('frees the slot of a worker that died when its lease ends, not sooner', async () => {
    const [permit] = await takeAll(newLimiter());
    const askedMs = permit!.answerBeforeMonotonicMs - CALL_MS;
    await newLimiter().take(soon());
    expect(clock.monotonicMs() - askedMs).toBeGreaterThanOrEqual(LEASE_MS);
  });

  it('starts with zero credit again when the slots were lost', async () => {
    const limiter = newLimiter();
    await takeAll(limiter);
    await redis.del(slotsKey);
    const lostMs = clock.monotonicMs();
    expect((await limiter.tryTake()).kind).toBe('limited');
    await limiter.take(soon());
    expect(clock.monotonicMs() - lostMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('starts with zero credit when another server kept the slots, and still honours its leases', async () => {
    const limiter = newLimiter();
    await limiter.release(await limiter.take(soon()));
    const [server] = await redis.zrangebyscore(slotsKey, '+inf', '+inf');
    await redis.zrem(slotsKey, server!);
    await redis.zadd(
      slotsKey,
      '+inf',
      'server:the-old-master',
      await futureMs(10_000),
      'under-way',
    );
    expect((await limiter.tryTake()).kind).toBe('limited');
    await takeAll(limiter, policy.limit - 1);
    expect((await limiter.tryTake()).kind).toBe('limited');
    expect(await redis.zscore(slotsKey, 'server:the-old-master')).toBeNull();
  });

  it('takes back a permit whose slots were lost while its call was under way', async () => {
    const limiter = newLimiter();
    const [permit] = await takeAll(limiter);
    await redis.del(slotsKey);
    await limiter.release(permit!);
    expect(await redis.zscore(slotsKey, permit!.token)).not.toBeNull();
    expect((await limiter.tryTake()).kind).toBe('limited');
  });

  it('grants nothing while the group is paused, and the longer of two pauses wins', async () => {
    const limiter = newLimiter();
    await limiter.release(await limiter.take(soon()));
    expect(await limiter.pause(5_000, 'banned')).toBe(5_000);
    expect(await limiter.pause(100, 'rate-limited')).toBeGreaterThan(4_000);
    expect(retryAfterMs(await limiter.tryTake())).toBeGreaterThan(4_000);
    expect(await redis.get(pauseKey)).toMatch(/^\d+ banned$/);
    await redis.del(pauseKey);
    expect((await limiter.tryTake()).kind).toBe('granted');
  });

  it('goes on by itself when a pause ends', async () => {
    const limiter = newLimiter();
    await limiter.release(await limiter.take(soon()));
    const pausedMs = clock.monotonicMs();
    await limiter.pause(200, 'rate-limited');
    await limiter.take(soon());
    expect(clock.monotonicMs() - pausedMs).toBeGreaterThanOrEqual(199);
  });

  it('pauses one group only', async () => {
    const limiter = newLimiter();
    const other = new RateLimiter(redis, { ...policy, group: 'market' }, clock);
    await limiter.pause(5_000, 'banned');
    await expect(other.take(soon())).resolves.toHaveProperty('token');
    await redis.del(keys.limit(policy.egressId, 'market', 'slots'));
  });

  it('recovers at once when the server clock was set back by an hour', async () => {
    const limiter = newLimiter();
    await limiter.release(await limiter.take(soon()));
    const aheadMs = await futureMs(3_600_000);
    await redis.zadd(slotsKey, aheadMs, 'a', aheadMs, 'b', aheadMs, 'c');
    expect((await limiter.tryTake()).kind).toBe('limited');
    const horizonMs = await futureMs(60_001);
    expect(await redis.zcount(slotsKey, `(${horizonMs}`, '(+inf')).toBe(0);
  });

  it('stops waiting with the reason of its signal', async () => {
    const limiter = newLimiter();
    await takeAll(limiter);
    const giveUp = new AbortController();
    const waiting = limiter.take(giveUp.signal);
    giveUp.abort(new Error('the caller left'));
    await expect(waiting).rejects.toThrow('the caller left');
    await expect(limiter.take(giveUp.signal)).rejects.toThrow('the caller left');
  });

  it('gives a permit its instants on the monotonic clock of the taker', async () => {
    const limiter = newLimiter();
    await limiter.release(await limiter.take(soon()));
    const beforeMs = clock.monotonicMs();
    const permit = await limiter.take(soon());
    expect(permit.sendBeforeMonotonicMs).toBeGreaterThanOrEqual(beforeMs + CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs - permit.sendBeforeMonotonicMs).toBeCloseTo(CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs).toBeLessThanOrEqual(clock.monotonicMs() + CALL_MS);
  });

  it('gives every key an end', async () => {
    const limiter = newLimiter();
    await limiter.tryTake();
    await limiter.pause(1_000, 'rate-limited');
    expect(await redis.pttl(slotsKey)).toBeGreaterThan(0);
    expect(await redis.pttl(pauseKey)).toBeGreaterThan(0);
  });

  function newLimiter(): RateLimiter {
    return new RateLimiter(redis, policy, clock);
  }

  async function takeAll(limiter: RateLimiter, count = policy.limit): Promise<Permit[]> {
    const permits: Permit[] = [];
    while (permits.length < count) permits.push(await limiter.take(soon()));
    return permits;
  }

  async function futureMs(aheadMs: number): Promise<number> {
    const [seconds, microseconds] = await redis.time();
    return Number(seconds) * 1_000 + Math.ceil(Number(microseconds) / 1_000) + aheadMs;
  }
});

function soon(): AbortSignal {
  return AbortSignal.timeout(5_000);
}

function retryAfterMs(outcome: Awaited<ReturnType<RateLimiter['tryTake']>>): number {
  return outcome.kind === 'limited' ? outcome.retryAfterMs : 0;
}

function ignore(): void {
  // A command that fails rejects by itself.
}
