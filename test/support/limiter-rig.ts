import { SystemClock } from '@candlekeep/clock';
import {
  type Demand,
  type LimitPolicy,
  type Permit,
  RateLimiter,
  steadyDemand,
} from '@candlekeep/rate-limiter';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { forgetBudgets } from './forget-budgets';
import { TestRedis } from './redis';

const clock = new SystemClock();
const WINDOW_MS = 120;
const LATE_MS = 20;
const MARGIN_MS = 20;

/** How long a slot of the rig rests after an answer, ms. */
export const REST_MS = WINDOW_MS + MARGIN_MS;
/** How long a call of the rig may take, ms. */
export const CALL_MS = 260;
/** How long a slot is held for a call that nobody hears of again, ms. */
export const LEASE_MS = CALL_MS + WINDOW_MS + LATE_MS;
/** From the end of a given up call's time to the end of its lease, ms. */
export const UNANSWERED_REST_MS = WINDOW_MS + LATE_MS;
/** Within this a permit comes that needs no waiting, ms. */
export const AT_ONCE_MS = 60;
export const ANSWERED = { kind: 'answered' } as const;

interface RigPolicy extends LimitPolicy {
  readonly limit: number;
}

/** In the tests of a `describe`: the limiter of another egress in each, forgotten after it. */
export function limiterRig(): LimiterRig {
  const servers = new TestRedis();
  const rig = new LimiterRig(servers.queue());
  beforeEach(() => {
    rig.moveOut();
  });
  afterEach(async () => {
    await rig.forget();
  });
  afterAll(() => {
    servers.close();
  });
  return rig;
}

/** The limiter of an egress of its own, in real time, with a window that a test can wait for. */
class LimiterRig {
  policy: RigPolicy = policyOfItsOwn();

  constructor(readonly redis: RedisConnection) {}

  /** To an egress that nobody has used. */
  moveOut(): void {
    this.policy = policyOfItsOwn();
  }

  /** A key of the limiter. */
  keyOf(part: string): string {
    return keys.limit(this.policy.egressId, 'candles', part);
  }

  /** As another process has it. */
  open(more: Partial<LimitPolicy> = {}): RateLimiter {
    return new RateLimiter(this.redis, { ...this.policy, ...more }, clock);
  }

  /** One that owes nothing: its first call was answered, and all slots are free. */
  async openSettled(more: Partial<LimitPolicy> = {}): Promise<RateLimiter> {
    const limiter = this.open(more);
    await limiter.wake();
    await limiter.release(await limiter.take(soon(), bot()), ANSWERED);
    await clock.sleep(REST_MS);
    return limiter;
  }

  /** So many permits, each of which comes at once. */
  async takeAll(limiter: RateLimiter, count = this.policy.limit): Promise<Permit[]> {
    const permits: Permit[] = [];
    while (permits.length < count) permits.push(await limiter.take(soon(), within(AT_ONCE_MS)));
    return permits;
  }

  /** An instant of the server's clock, epoch ms. */
  async futureMs(aheadMs: number): Promise<number> {
    const [seconds, microseconds] = await this.redis.time();
    return Number(seconds) * 1_000 + Math.ceil(Number(microseconds) / 1_000) + aheadMs;
  }

  async forget(): Promise<void> {
    await forgetBudgets(this.redis, this.policy.egressId);
  }
}

function policyOfItsOwn(): RigPolicy {
  return {
    ...{ egressId: `spec-${clock.token()}`, group: 'candles', limit: 3 },
    ...{ windowMs: WINDOW_MS, marginMs: MARGIN_MS, lateMs: LATE_MS, leaseMs: LEASE_MS },
  };
}

/** The most urgent demand, with time. */
export function bot(): Demand {
  return steadyDemand(0);
}

/** The most urgent demand, for so long. */
export function within(ms: number): Demand {
  return { ...bot(), untilMonotonicMs: clock.monotonicMs() + ms };
}

/** Nobody waits for ever in a test. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(5_000);
}
