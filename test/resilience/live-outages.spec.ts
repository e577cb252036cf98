import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { CleanUp } from '../support/clean-up';
import { House } from '../support/house';
import { noteFigures } from '../support/limiter/proof-figures';
import { proofSize } from '../support/limiter/proof-size';
import { CutProxy } from '../support/live/cut-proxy';
import { LiveScene, questionsOf } from '../support/live/live-scene';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { createScratchDatabase } from '../support/scratch-database';

const MARKET = 'KRW-BTC';
const MINUTE_MS = 60_000;
/** The end of the minute that runs, and what the other tests leave to be mended. */
const MENDED_WITHIN_MS = 160_000;
const clock = new SystemClock();

interface Servers {
  readonly queue: OwnQueueRedis;
  readonly cache: OwnQueueRedis;
  readonly postgres: CutProxy;
}

/** What is taken away, s long, and how it comes back. */
const OUTAGES: readonly {
  readonly name: string;
  readonly short: number;
  readonly full: number;
  readonly take: (servers: Servers) => Promise<void>;
  readonly giveBack: (servers: Servers) => Promise<void>;
}[] = [
  {
    ...{ name: 'the queue’s Redis is restarted', short: 3, full: 10 },
    take: ({ queue }) => queue.kill(),
    giveBack: ({ queue }) => queue.bringBack(),
  },
  {
    ...{ name: 'the cache’s Redis is restarted, and knows nothing', short: 3, full: 10 },
    take: ({ cache }) => cache.kill(),
    giveBack: ({ cache }) => cache.replace(),
  },
  {
    ...{ name: 'Postgres is away', short: 10, full: 65 },
    take: ({ postgres }) => postgres.away(),
    giveBack: ({ postgres }) => postgres.back(),
  },
];

describe('live, when a server is taken away from it', () => {
  const cleanUp = new CleanUp();
  let servers: Servers;
  let house: House;
  let scene: LiveScene;
  let fromMs: number;

  beforeAll(async () => {
    const [queue, cache] = [await OwnQueueRedis.start(), await OwnQueueRedis.start()];
    cleanUp.add(() => Promise.all([queue.close(), cache.close()]));
    const database = await createScratchDatabase();
    cleanUp.add(() => database.drop());
    const postgres = await CutProxy.open(database.url);
    cleanUp.add(() => postgres.away());
    servers = { queue, cache, postgres };
    house = await House.start({
      ...{ redisDatabase: 0, queueUrl: queue.url, cacheUrl: cache.url, lives: 1 },
      environment: { LIVE_MARKETS: MARKET, DATABASE_URL: postgres.url },
    });
    cleanUp.add(() => house.close());
    scene = new LiveScene(house, [MARKET]);
    await scene.untilStatus(({ stream }) => stream.state === 'steady');
    for (const path of questionsOf(MARKET)) await house.ask(path);
    fromMs = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
  });
  afterAll(async () => {
    await cleanUp.run();
  });

  it.each(OUTAGES)(
    '$name: no answer is wrong, and it goes on by itself',
    async ({ name, short, full, take, giveBack }) => {
      const startMs = clock.nowMs();
      let [backMs, answeredMs, steadyMs] = [0, 0, 0];
      await scene.callers.during(async () => {
        await clock.sleep(2_000);
        await take(servers);
        await clock.sleep(proofSize({ short, full }) * 1_000);
        await giveBack(servers);
        backMs = clock.nowMs();
        await waitFor(() => {
          const ok = scene.callers.between(backMs).find(({ status }) => status === 200);
          answeredMs = ok?.answeredMs ?? NaN;
          expect(ok).toBeDefined();
        }, 60_000);
        const status = await scene.untilStatus(
          ({ stream, atMs }) => stream.state === 'steady' && atMs >= backMs,
          60_000,
        );
        steadyMs = status.atMs;
        await untilHeadIsFed(steadyMs);
      });
      const answers = scene.callers.between(startMs);
      const verdict = scene.verdictOn(answers);
      noteFigures('live outages', {
        ...{ outage: name, ...verdict.figures },
        'answered again after, ms': answeredMs - backMs,
        'steady again after, ms': steadyMs - backMs,
      });
      expect(verdict.faults).toEqual([]);
    },
    240_000,
  );

  it('and every minute of all that is final and right', async () => {
    // The minute that runs, too: on a quick machine it is the only one.
    const untilMs = Math.ceil(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    await waitFor(async () => {
      const [ours, theirs] = await scene.finalRows(MARKET, fromMs, untilMs);
      expect(ours).toBe(theirs);
      expect(await scene.isWhole(MARKET, fromMs, untilMs)).toBe(true);
    }, MENDED_WITHIN_MS);
  }, 180_000);

  /** Questions are answered from heads that live puts, without a call, for 3 s on end. */
  async function untilHeadIsFed(sinceMs: number): Promise<void> {
    await waitFor(() => {
      const recent = scene.callers.between(Math.max(sinceMs, clock.nowMs() - 3_000));
      expect(recent.length).toBeGreaterThan(8);
      expect(recent.filter(({ cacheStatus }) => !cacheStatus.includes('; hit'))).toEqual([]);
    }, 90_000);
  }
});
