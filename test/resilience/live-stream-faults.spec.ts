import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { noteFigures } from '../support/limiter/proof-figures';
import { proofSize } from '../support/limiter/proof-size';
import { LiveScene } from '../support/live/live-scene';
import { redisDatabases } from '../support/redis-databases';

const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'];
const [BTC, ETH, SOL] = MARKETS.map((code) => ({ codes: [code] }));
const MINUTE_MS = 60_000;
const CUT_EVERY_MS = 5_000;
/** A closed minute settles, and what was doubtful is asked for. */
const MENDED_WITHIN_MS = 100_000;
const clock = new SystemClock();
type Fault = Readonly<Record<string, unknown>>;

/** What is done to the stream, and for how long: s. */
const FAULTS: readonly { name: string; faults: readonly Fault[]; short: number; full: number }[] = [
  {
    name: 'frames dropped, twice, and in another order',
    faults: [
      { kind: 'stream-drop', oneIn: 20, ...BTC },
      { kind: 'stream-duplicate', oneIn: 2, ...ETH },
      { kind: 'stream-reorder', oneIn: 5, behind: 4, ...SOL },
    ],
    ...{ short: 25, full: 135 },
  },
  { name: 'silent', faults: [{ kind: 'stream-silent' }], short: 10, full: 40 },
  { name: 'half-open', faults: [{ kind: 'stream-half-open' }], short: 10, full: 40 },
  { name: 'late by 3 s', faults: [{ kind: 'stream-late', byMs: 3_000 }], short: 10, full: 65 },
];

describe('while the exchange’s stream misbehaves', () => {
  let house: House;
  let scene: LiveScene;
  let fromMs: number;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.liveStreamFaults, gateways: 2, lives: 1 },
      environment: { LIVE_MARKETS: MARKETS.join() },
    });
    scene = new LiveScene(house, MARKETS);
    await steady();
    fromMs = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
  });
  afterAll(async () => {
    await house.close();
  });

  const steady = (sinceMs = 0) =>
    scene.untilStatus(({ stream, atMs }) => stream.state === 'steady' && atMs >= sinceMs, 60_000);

  /** Callers ask during the disturbance and until live stands again. */
  async function expectHarmless(name: string, disturb: () => Promise<void>): Promise<void> {
    const startMs = clock.nowMs();
    let [calmMs, steadyMs] = [startMs, startMs];
    await scene.callers.during(async () => {
      await disturb();
      calmMs = clock.nowMs();
      steadyMs = (await steady(calmMs)).atMs;
      await waitFor(() => {
        const hits = scene.callers
          .between(calmMs)
          .filter(({ cacheStatus }) => cacheStatus.includes('; hit'));
        expect(hits.length).toBeGreaterThan(0);
      });
      await clock.sleep(2_000);
    });
    const answers = scene.callers.between(startMs);
    const verdict = scene.verdictOn(answers);
    noteFigures('live faults', {
      ...{ fault: name, ...verdict.figures },
      'steady again after, ms': Math.max(0, steadyMs - calmMs),
    });
    expect(verdict.faults).toEqual([]);
  }

  it.each(FAULTS)(
    '$name: no answer is wrong or older than it was asked for',
    async ({ name, faults, short, full }) => {
      await expectHarmless(name, async () => {
        for (const fault of faults) await house.disturb(fault);
        await clock.sleep(proofSize({ short, full }) * 1_000);
        await house.calm();
      });
    },
    240_000,
  );

  it('cut every 5 s: no answer is wrong or older than it was asked for', async () => {
    await expectHarmless('cut every 5 s', async () => {
      for (let cuts = proofSize({ short: 2, full: 6 }); cuts > 0; cuts -= 1) {
        await house.disturb({ kind: 'stream-cut' });
        await clock.sleep(CUT_EVERY_MS);
      }
    });
  }, 120_000);

  it('and every minute of all that is final and right, in both tiers', async () => {
    const untilMs = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    for (const tier of ['L1', 'L2']) {
      if (tier === 'L2') await house.redis.cache.flushdb();
      for (const market of MARKETS) {
        await waitFor(async () => {
          const [ours, theirs] = await scene.finalRows(market, fromMs, untilMs);
          expect(ours).toBe(theirs);
          expect(await scene.isWhole(market, fromMs, untilMs)).toBe(true);
        }, MENDED_WITHIN_MS);
      }
    }
    const status = await steady();
    noteFigures('live minutes', {
      verdicts: JSON.stringify(
        status.markets.map(({ market, proven, empty, doubtful }) => ({
          ...{ market, proven, empty, doubtful },
        })),
      ),
    });
    expect(status.markets.map(({ corrections }) => corrections)).toEqual([0, 0, 0]);
  }, 360_000);
});
