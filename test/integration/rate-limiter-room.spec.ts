import { SystemClock } from '@candlekeep/clock';
import {
  type Demand,
  type LimitPolicy,
  type Permit,
  RateLimiter,
  steadyDemand,
} from '@candlekeep/rate-limiter';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import { RisingDemand } from '../support/rising-demand';
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

describe('the limiter’s waiting room', () => {
  let redis: RedisConnection;
  let policy: LimitPolicy & { limit: number };

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

  it('lets a waiter that becomes more urgent overtake', async () => {
    const limiter = await newSettledLimiter();
    const permits = await takeAll(limiter);
    const order: string[] = [];
    const raised = new RisingDemand(7);
    const waiting = [
      limiter.take(soon(), steadyDemand(3)).then(() => order.push('chart')),
      limiter.take(soon(), raised).then(() => order.push('raised')),
    ];
    await clock.sleep(30);
    raised.rise(0);
    await limiter.release(permits[0]!, ANSWERED);
    await Promise.all(waiting);
    expect(order).toEqual(['raised', 'chart']);
  });

  it('hears of more urgency that comes while it asks', async () => {
    const limiter = await newSettledLimiter();
    const permits = await takeAll(limiter);
    const raised = new RisingDemand(7);
    const order: string[] = [];
    const chart = limiter.take(soon(), steadyDemand(3)).then(() => order.push('chart'));
    await clock.sleep(20);
    const late = limiter.take(soon(), raised).then(() => order.push('raised'));
    raised.rise(0);
    await limiter.release(permits[0]!, ANSWERED);
    await Promise.all([chart, late]);
    expect(order).toEqual(['raised', 'chart']);
  });

  it('forgets a waiter that died, and goes on with the others', async () => {
    const limiter = await newSettledLimiter();
    await takeAll(limiter);
    const key = (part: string) => keys.limit(policy.egressId, 'candles', part);
    await redis.zadd(key('waiting'), 1, 'dead');
    await redis.zadd(key('patience'), await futureMs(200), 'dead');
    await expect(limiter.take(soon(), bot())).resolves.toHaveProperty('token');
  });

  it('stops waiting with the reason of its signal', async () => {
    const limiter = await newSettledLimiter();
    await takeAll(limiter);
    const giveUp = new AbortController();
    const waiting = limiter.take(giveUp.signal, bot());
    giveUp.abort(new Error('the caller left'));
    await expect(waiting).rejects.toThrow('the caller left');
    await expect(limiter.take(giveUp.signal, bot())).rejects.toThrow('the caller left');
  });

  it('tells when the time is over while others are more urgent', async () => {
    const limiter = await newSettledLimiter();
    await takeAll(limiter);
    const startMs = clock.monotonicMs();
    const refused = limiter.take(soon(), within(120));
    await expect(refused).rejects.toMatchObject({ code: 'NO_PERMIT', reason: 'busy' });
    expect(clock.monotonicMs() - startMs).toBeLessThan(REST_MS * 2);
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
