import { PreloadBudget } from '@candlekeep/preloader';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import fc from 'fast-check';
import { MovableRedisTime } from '../support/movable-redis-time';
import { redisDatabases } from '../support/redis-databases';
import { redisUrl } from '../support/servers';

const TIME_KEY = 'preload-budget-time';
const START_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PER_HOUR = 600;

/** Calls that a full bucket holds: half of an hour's, and one at least. */
const holds = (perHour: number): number => Math.max(1, perHour / 2);

/** The bucket as one would explain it. */
class BucketModel {
  private known: { left: number; atMs: number } | undefined;
  private nowMs = START_MS;

  pass(ms: number): void {
    this.nowMs += ms;
  }

  forget(): void {
    this.known = undefined;
  }

  left(perHour: number): number {
    if (perHour === 0) return 0;
    if (this.known === undefined) return holds(perHour) * 0.1;
    const passedMs = Math.max(0, this.nowMs - this.known.atMs);
    return Math.min(holds(perHour), this.known.left + (passedMs * (perHour / 2)) / HOUR_MS);
  }

  take(perHour: number, calls: number, reserve: number): boolean {
    if (perHour === 0) return false;
    const left = this.left(perHour);
    const isEnough = left - calls >= reserve * holds(perHour);
    this.known = { left: isEnough ? left - calls : left, atMs: this.nowMs };
    return isEnough;
  }

  giveBack(perHour: number, calls: number): void {
    if (perHour === 0) return;
    this.known = { left: Math.min(holds(perHour), this.left(perHour) + calls), atMs: this.nowMs };
  }
}

/** Calls that were made at an instant; fewer than none where some came back. */
interface Spent {
  readonly atMs: number;
  readonly calls: number;
}

/** The most that any 3,600 s had. The fullest begin with a spending and end with one. */
function mostInAnHour(spent: readonly Spent[]): number {
  const hours = spent.flatMap((_, from) => {
    const hour = spent.slice(from).filter(({ atMs }) => atMs <= (spent[from]?.atMs ?? 0) + HOUR_MS);
    return hour.map((_, to) => hour.slice(0, to + 1).reduce((sum, { calls }) => sum + calls, 0));
  });
  return Math.max(...hours);
}

const perHour = fc.constantFrom(0, 1, 7, 60, PER_HOUR);
const calls = fc.integer({ min: 0, max: 90 });
const step = fc.oneof(
  fc.record({
    ...{ kind: fc.constant('take' as const), perHour, calls },
    reserve: fc.constantFrom(0, 0.1, 0.25, 0.5, 1),
  }),
  fc.record({ kind: fc.constant('giveBack' as const), perHour, calls }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: HOUR_MS }) }),
  fc.record({
    ...{ kind: fc.constant('pass' as const) },
    ms: fc.constantFrom(-DAY_MS, -HOUR_MS, -1, 3 * DAY_MS),
  }),
  fc.record({ kind: fc.constant('forget' as const) }),
);

describe('preload budget', () => {
  let redis: RedisConnection;
  let time: MovableRedisTime;
  let nowMs: number;

  beforeAll(() => {
    const url = new URL(redisUrl());
    url.pathname = `/${redisDatabases.preloadQueue}`;
    const onError = (error: Error): never => {
      throw error;
    };
    redis = openRedis({ url: url.href, role: 'command', name: 'test-budget', onError });
    time = new MovableRedisTime(redis, TIME_KEY);
  });
  beforeEach(begin);
  afterAll(async () => {
    await redis.del(keys.preloadBudget, TIME_KEY);
    redis.disconnect();
  });

  it('does what the model does, whatever is taken, given back, forgotten, and wherever the clock goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        await begin();
        const model = new BucketModel();
        for (const one of steps) {
          if (one.kind === 'pass') {
            model.pass(one.ms);
            await pass(one.ms);
          } else if (one.kind === 'forget') {
            model.forget();
            await redis.del(keys.preloadBudget);
          } else if (one.kind === 'take') {
            const isTaken = await budget(one.perHour).take(one.calls, one.reserve);
            expect(isTaken).toBe(model.take(one.perHour, one.calls, one.reserve));
          } else {
            model.giveBack(one.perHour, one.calls);
            await budget(one.perHour).giveBack(one.calls);
          }
          const left = Math.floor(model.left(PER_HOUR));
          expect(await budget().read()).toEqual({ perHour: PER_HOUR, left });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets no hour whatever have more than the operator allows', async () => {
    const greedy = fc.array(
      fc.record({
        ms: fc.oneof(fc.constantFrom(0, 1, HOUR_MS), fc.integer({ min: 0, max: HOUR_MS / 4 })),
        back: fc.constantFrom(0, 0, 0, 1, 20),
      }),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(greedy, fc.constantFrom(1, 2, 7, PER_HOUR), async (steps, allowed) => {
        await begin();
        await full();
        const spent: Spent[] = [];
        for (const { ms, back } of steps) {
          await pass(ms);
          await budget(allowed).giveBack(back);
          const { left } = await budget(allowed).read();
          expect(await budget(allowed).take(left, 0)).toBe(true);
          spent.push({ atMs: nowMs, calls: -back }, { atMs: nowMs, calls: left });
        }
        expect(mostInAnHour(spent)).toBeLessThanOrEqual(allowed);
      }),
      { numRuns: 40 },
    );
  });

  it('brings a full bucket once more when its clock leaps ahead, and nothing when it is set back', async () => {
    await full();
    expect(await budget().take(PER_HOUR / 2, 0)).toBe(true);
    await pass(-DAY_MS);
    expect((await budget().read()).left).toBe(0);
    await pass(2 * DAY_MS);
    expect((await budget().read()).left).toBe(PER_HOUR / 2);
  });

  it('gives what there is once, however many workers ask at the same time', async () => {
    const asked = Array.from({ length: 100 }, () => budget().take(1, 0));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(PER_HOUR / 20);
    expect(await budget().read()).toEqual({ perHour: PER_HOUR, left: 0 });
  });

  it('starts with a tenth of what it holds, and is full an hour later', async () => {
    expect((await budget().read()).left).toBe(30);
    expect(await budget().take(30, 0)).toBe(true);
    await pass(HOUR_MS / 2);
    expect((await budget().read()).left).toBe(150);
    await pass(HOUR_MS);
    expect((await budget().read()).left).toBe(300);
  });

  it('keeps the reserve for worthier uses', async () => {
    await full();
    expect(await budget().take(151, 0.5)).toBe(false);
    expect(await budget().take(150, 0.5)).toBe(true);
    expect(await budget().take(1, 0.5)).toBe(false);
    expect(await budget().take(150, 0)).toBe(true);
    expect(await budget().take(1, 0)).toBe(false);
    expect(await budget().take(0, 1)).toBe(false);
  });

  it('gives nothing, and needs no server, at 0 calls an hour', async () => {
    await full();
    expect(await budget(0).take(1, 0)).toBe(false);
    await budget(0).giveBack(5);
    expect(await budget(0).read()).toEqual({ perHour: 0, left: 0 });
    expect((await budget().read()).left).toBe(PER_HOUR / 2);
  });

  it('is never more than full when its server’s clock jumps days ahead, and goes on when it is set back', async () => {
    await full();
    await pass(5 * DAY_MS);
    expect(await budget().take(PER_HOUR / 2 + 1, 0)).toBe(false);
    expect(await budget().take(PER_HOUR / 2, 0)).toBe(true);
    await pass(-5 * DAY_MS);
    expect(await budget().take(1, 0)).toBe(false);
    await pass(60_000);
    expect(await budget().take(5, 0)).toBe(true);
    expect(await budget().take(1, 0)).toBe(false);
  });

  it('starts with a tenth again when its memory is lost, or is not to be read', async () => {
    await full();
    await redis.del(keys.preloadBudget);
    expect((await budget().read()).left).toBe(30);
    await full();
    await redis.hset(keys.preloadBudget, 'left', 'many');
    expect((await budget().read()).left).toBe(30);
  });

  it('leaves when nobody has taken for a week', async () => {
    await budget().take(1, 0);
    const leftMs = await redis.pttl(keys.preloadBudget);
    expect(leftMs).toBeGreaterThan(6 * DAY_MS);
    expect(leftMs).toBeLessThanOrEqual(7 * DAY_MS);
  });

  it('refuses what is no number of calls and no share', async () => {
    expect(() => budget(-1)).toThrow('expected a whole number, 0 or more');
    for (const figure of [NaN, 0.5, Infinity]) {
      expect(() => budget(figure)).toThrow('expected a whole number, 0 or more');
    }
    await expect(budget().take(1.5, 0)).rejects.toThrow('expected a whole number');
    await expect(budget().take(1, 1.1)).rejects.toThrow('expected a share from 0 to 1');
    await expect(budget().giveBack(-1)).rejects.toThrow('expected a whole number');
  });

  async function begin(): Promise<void> {
    nowMs = START_MS;
    await redis.del(keys.preloadBudget);
    await time.moveTo(nowMs);
  }

  async function pass(ms: number): Promise<void> {
    nowMs += ms;
    await time.moveTo(nowMs);
  }

  async function full(): Promise<void> {
    await budget().take(0, 0);
    await pass(HOUR_MS);
  }

  function budget(ofPerHour = PER_HOUR): PreloadBudget {
    return new PreloadBudget({ redis: time.connection, perHour: ofPerHour });
  }
});
