import { SystemClock } from '@candlekeep/clock';
import { RateLimiter, type LimitPolicy } from '@candlekeep/rate-limiter';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import fc from 'fast-check';
import { redisUrl } from '../support/servers';

const clock = new SystemClock();
const LIMIT = 4;
const WINDOW_MS = 100;
const MARGIN_MS = 10;
/** Of which 490 ms are for a call; the longest here takes 140 ms. */
const LEASE_MS = 600;
const WORKERS = 4;
const CALLS_PER_RUN = 32;

/** A call as the test's own exchange sees it: the way there, the stamp's own lateness, the way back. */
interface Call {
  readonly thereMs: number;
  readonly stampLateMs: number;
  readonly backMs: number;
  /** A worker that dies with the call under way never releases. */
  readonly dies: boolean;
}

const call = fc.record<Call>({
  thereMs: fc.integer({ min: 0, max: 70 }),
  stampLateMs: fc.integer({ min: 0, max: MARGIN_MS }),
  backMs: fc.integer({ min: 0, max: 70 }),
  dies: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

describe('rate limiter, as the exchange sees it', () => {
  let workers: RedisConnection[];

  beforeAll(() => {
    workers = Array.from({ length: WORKERS }, (_, index) =>
      openRedis({ url: redisUrl(), role: 'command', name: `worker-${index}`, onError: ignore }),
    );
  });

  afterAll(async () => {
    await Promise.all(workers.map(async (redis) => redis.quit()));
  });

  it('lets no window hold more than the limit, whatever the ways, the deaths and the workers’ clocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: CALLS_PER_RUN, maxLength: CALLS_PER_RUN }),
        async (calls) => {
          const arrivals = await run(calls);
          expect(arrivals).toHaveLength(calls.length);
          expect(mostInAnyWindow(arrivals)).toBeLessThanOrEqual(LIMIT);
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('frees slots by the answers, long before the leases end', async () => {
    const quick = { thereMs: 0, stampLateMs: 0, backMs: 0, dies: false };
    const startMs = clock.monotonicMs();
    const arrivals = await run(Array.from({ length: CALLS_PER_RUN }, () => quick));
    const rests = CALLS_PER_RUN / LIMIT;
    expect(mostInAnyWindow(arrivals)).toBe(LIMIT);
    expect(clock.monotonicMs() - startMs).toBeLessThan(rests * LEASE_MS * 0.75);
  });

  /** Spreads the calls over the workers, several at a time in each, and returns the exchange's stamps. */
  async function run(calls: readonly Call[]): Promise<number[]> {
    const policy: LimitPolicy = {
      egressId: `spec-${clock.token()}`,
      group: 'candles',
      limit: LIMIT,
      windowMs: WINDOW_MS,
      marginMs: MARGIN_MS,
      leaseMs: LEASE_MS,
    };
    const limiters = workers.map((redis, index) => {
      return new RateLimiter(redis, policy, new WrongClock((index - 1.5) * 3_600_000));
    });
    const arrivals: number[] = [];
    await Promise.all(
      calls.map(async (made, index) => make(made, limiters[index % WORKERS]!, arrivals)),
    );
    await workers[0]!.del(keys.limit(policy.egressId, policy.group, 'slots'));
    return arrivals;
  }
});

async function make(made: Call, limiter: RateLimiter, arrivals: number[]): Promise<void> {
  const permit = await limiter.take(AbortSignal.timeout(20_000));
  await clock.sleep(made.thereMs);
  arrivals.push(clock.monotonicMs() + made.stampLateMs);
  await clock.sleep(made.backMs);
  if (!made.dies) await limiter.release(permit);
}

function mostInAnyWindow(stamps: readonly number[]): number {
  const sorted = stamps.toSorted((a, b) => a - b);
  const counts = sorted.map(
    (fromMs, first) => sorted.slice(first).filter((ms) => ms < fromMs + WINDOW_MS).length,
  );
  return Math.max(...counts);
}

/** A worker whose clocks are hours off; only their speed is right. */
class WrongClock extends SystemClock {
  constructor(private readonly offMs: number) {
    super();
  }

  override nowMs(): number {
    return super.nowMs() + this.offMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() - this.offMs;
  }
}

function ignore(): void {
  // A command that fails rejects by itself.
}
