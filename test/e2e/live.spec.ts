import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { noteFigures } from '../support/limiter/proof-figures';
import { countSources } from '../support/live/live-callers';
import { LiveScene, questionsOf } from '../support/live/live-scene';
import { redisDatabases } from '../support/redis-databases';

const MARKET = 'KRW-BTC';
const MINUTE_MS = 60_000;
/** A closed minute settles for 5 s, is judged at the next tick, and kept. */
const KEPT_AFTER_MS = 9_000;
/** One page mends the minute in which live began. Without live the callers of the run cost a call or more a second. */
const MOST_CALLS = 8;
const clock = new SystemClock();

describe('with a process that follows the exchange’s stream', () => {
  let house: House;
  let scene: LiveScene;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.live, lives: 1 },
      environment: { LIVE_MARKETS: MARKET },
    });
    scene = new LiveScene(house, [MARKET]);
  });
  afterAll(async () => {
    await house.close();
  });

  it('answers are a second old at most, right, and cost next to no calls; minutes close by proof', async () => {
    await scene.untilStatus(({ stream }) => stream.state === 'steady');
    for (const path of questionsOf(MARKET)) expect((await house.ask(path)).status).toBe(200);
    const fromMs = clock.nowMs();
    const untilMs = (Math.ceil(fromMs / MINUTE_MS) + 1) * MINUTE_MS + KEPT_AFTER_MS;
    const calls = await house.urlsDuring(() =>
      scene.callers.during(async () => {
        // One whole minute, from before its begin until it is kept.
        await clock.sleep(untilMs - fromMs);
      }),
    );
    const { answers } = scene.callers;
    const verdict = scene.verdictOn(answers);
    const ages = answers.map(({ answeredMs, asOfMs }) => answeredMs - asOfMs);
    noteFigures('live', {
      calls: calls.length,
      'oldest, ms': Math.max(...ages),
      ...verdict.figures,
    });
    expect(verdict.faults).toEqual([]);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(MOST_CALLS);
    await expectProvenMinutes(fromMs);
  }, 240_000);

  async function expectProvenMinutes(fromMs: number): Promise<void> {
    const firstMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
    const untilMs = Math.floor((clock.nowMs() - KEPT_AFTER_MS) / MINUTE_MS) * MINUTE_MS;
    await waitFor(async () => {
      expect(await scene.isWhole(MARKET, firstMs, untilMs)).toBe(true);
    });
    const [ours, theirs] = await scene.finalRows(MARKET, firstMs, untilMs);
    expect(ours).toBe(theirs);
    const provenances = await scene.provenances(MARKET, firstMs, untilMs);
    expect(provenances.size).toBe((untilMs - firstMs) / MINUTE_MS);
    expect(new Set(provenances.values())).toEqual(new Set(['stream']));
    const [market] = (await scene.status())?.markets ?? [];
    expect(market).toMatchObject({ market: MARKET, corrections: 0, mode: 'stream' });
  }

  it('and without it the same questions are answered by calls, as before', async () => {
    expect(await house.lives.pop()?.stop()).toBe(0);
    const fromMs = clock.nowMs() + 1_500;
    const calls = await house.callsDuring(() =>
      scene.callers.during(async () => {
        await clock.sleep(6_000);
      }),
    );
    const answers = scene.callers.between(fromMs);
    expect(scene.verdictOn(answers).faults).toEqual([]);
    expect(countSources(answers)['fwd=miss; detail=exchange']).toBeGreaterThan(0);
    expect(calls).toBeGreaterThanOrEqual(3);
  });
});
