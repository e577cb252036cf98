import { SystemClock } from '@candlekeep/clock';
import { PRELOAD_QUEUE } from '@candlekeep/jobs';
import { keys } from '@candlekeep/redis';
import { Queue } from 'bullmq';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { type PlanSeen, PreloadDoor } from '../support/preload/preload-door';
import { redisDatabases } from '../support/redis-databases';

const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE'];
/** Of an RSI of 200 in each market: 1,629 candles with the margin. */
const PAGES = 36;
/** Pages of a run that are under way at once: one of each series. */
const AT_ONCE = MARKETS.length;
/** A lease is given for 5 s, the others ask for it each second, and who has it tells the plan at once. */
const FOLLOWED_WITHIN_MS = 7_000;
/** A job of the dead is noticed after 5 to 8 s; then come the pages that are left, at two a second. */
const ENDED_WITHIN_MS = 40_000;
const clock = new SystemClock();

describe('workers that preload', () => {
  let house: House;
  let door: PreloadDoor;
  let queue: Queue;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.preloadKilled, workers: 2, exchangeLatencyMs: 2_000 },
    });
    door = new PreloadDoor(house);
    queue = new Queue(PRELOAD_QUEUE, { connection: house.redis.queue, prefix: keys.queuePrefix });
  });
  afterAll(async () => {
    await queue.close();
    await house.close();
  });

  /** Each of these comes round, has one next job, and nothing else does. */
  const expectSchedules = async (...ids: string[]): Promise<void> => {
    await waitFor(async () => {
      const [schedulers, delayed] = await Promise.all([
        queue.getJobSchedulers(),
        queue.getDelayed(),
      ]);
      expect(schedulers.map(({ key }) => key).sort()).toEqual(ids);
      expect(delayed.map(({ repeatJobKey }) => repeatJobKey).sort()).toEqual(ids);
    });
  };

  const killOwner = async (): Promise<PlanSeen> => {
    const plan = await door.untilPlan(() => true);
    process.kill(Number(plan.owner.split(':').at(-1)), 'SIGKILL');
    return plan;
  };

  it('and start at the same time make each schedule once', async () => {
    await door.untilPlan(() => true);
    await expectSchedules('daily', 'hourly');
    const { id } = await door.activate('shallow', deep('KRW-KNC', '30m', 2));
    expect((await door.untilEnded(id)).state).toBe('done');
    await expectSchedules('daily', 'hourly', 'timeframe:30m');
  });

  it('follow one another: when the owner is killed another one owns within 7 s, and schedules stay', async () => {
    const killed = await killOwner();
    const next = await door.untilPlan(({ owner }) => owner !== killed.owner, FOLLOWED_WITHIN_MS);
    expect(next.state).toBe('preloading');
    expect(Date.parse(next.since)).toBeGreaterThan(Date.parse(killed.at));
    await expectSchedules('daily', 'hourly', 'timeframe:30m');
  });

  it('lose nothing of a run when the one that works on it is killed, and read no page twice', async () => {
    const seen: number[] = [];
    const urls = await house.urlsDuring(async () => {
      const { id } = await door.activate('deep', deep(MARKETS, '1d', 200));
      await door.untilRun(id, ({ done }) => done >= AT_ONCE);
      await house.open({ gateways: 0, workers: 1 });
      const running = await door.run(id);
      expect(running).toMatchObject({ state: 'running', total: PAGES });
      await killOwner();
      const ended = await door.untilRun(
        id,
        ({ state, done }) => {
          seen.push(done);
          return state !== 'running';
        },
        ENDED_WITHIN_MS,
      );
      expect(ended).toMatchObject({ state: 'done', total: PAGES, done: PAGES });
      expect(ended.calls).toBeGreaterThanOrEqual(PAGES - AT_ONCE);
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const pages = urls.filter((url) => /days\?.*to=/.test(url));
    expect(new Set(pages).size).toBe(PAGES);
    expect(pages.length).toBeLessThanOrEqual(PAGES + AT_ONCE);
    await expectSchedules('daily', 'hourly', 'timeframe:1d', 'timeframe:30m');
  }, 90_000);

  it('stop working for a strategy that is deleted in the middle of its run', async () => {
    const { id } = await door.activate('deleted', deep(MARKETS, '60m', 200));
    await door.untilRun(id, ({ done }) => done >= AT_ONCE);
    const after = await house.urlsDuring(async () => {
      expect((await door.send('DELETE', '/api/strategies/deleted')).status).toBe(204);
      const cancelled = await door.run(id);
      expect(cancelled).toMatchObject({ state: 'cancelled', total: PAGES });
      expect(cancelled.reason).toBe('the strategy is not active any more');
      await clock.sleep(4_000);
      expect(await door.run(id)).toEqual(cancelled);
    });
    const pages = after.filter((url) => url.includes('minutes/60?'));
    expect(pages.length).toBeLessThanOrEqual(AT_ONCE);
    await waitFor(async () => {
      expect(await queue.getActiveCount()).toBe(0);
    });
  });
});

/** A strategy that looks at an RSI in each market. */
function deep(markets: string | readonly string[], timeframe: string, period: number) {
  const conditions = [markets].flat().map((market) => ({
    ...{ variable: 'RSI', params: { period, timeframe, market }, operator: '<', value: 30 },
  }));
  return { market: 'KRW-BTC', timeframe, entry: { type: 'oversold', conditions } };
}
