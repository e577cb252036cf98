import { type CandleStore, type ProvenPage, RedisCandleWindow } from '@candlekeep/candle-cache';
import { PostgresCandleStore } from '@candlekeep/candle-store';
import { SystemClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { waitFor } from '../support/app-process';
import { CleanUp } from '../support/clean-up';
import { House } from '../support/house';
import { noteFigures } from '../support/limiter/proof-figures';
import { isFullSize } from '../support/limiter/proof-size';
import { LiveScene, processOf, questionsOf, untilSecond } from '../support/live/live-scene';
import { turnsBack } from '../support/live/turns-back';
import { redisDatabases } from '../support/redis-databases';
import { createScratchDatabase } from '../support/scratch-database';

const MARKET = 'KRW-BTC';
const MINUTE_MS = 60_000;
const SERIES = { market: parseMarketCode(MARKET), timeframe: Timeframe.parse('1m') };
const FOLLOWED_WITHIN_MS = 10_000;
const clock = new SystemClock();

describe('two processes of live', () => {
  const cleanUp = new CleanUp();
  let house: House;
  let scene: LiveScene;
  let store: CandleStore;

  beforeAll(async () => {
    const database = await createScratchDatabase();
    cleanUp.add(() => database.drop());
    house = await House.start({
      ...{ redisDatabase: redisDatabases.liveLeader, lives: 2 },
      environment: { LIVE_MARKETS: MARKET, DATABASE_URL: database.url },
    });
    cleanUp.add(() => house.close());
    store = new PostgresCandleStore(database.connect());
    scene = new LiveScene(house, [MARKET]);
    await steady(0);
    for (const path of questionsOf(MARKET)) await house.ask(path);
  });
  afterAll(async () => {
    await cleanUp.run();
  });

  const steady = (aboveToken: number) =>
    scene.untilStatus(({ token, stream }) => token > aboveToken && stream.state === 'steady');

  const expectAllRight = (): void => {
    expect(scene.verdictOn(scene.callers.answers).faults).toEqual([]);
    expect(turnsBack(scene.callers.answers)).toEqual([]);
  };

  it('the leader is killed at second 59.9: the other follows within 10 s, and no minute is wrong or lost', async () => {
    const before = await steady(0);
    await untilSecond(53);
    const fromMs = clock.nowMs();
    await scene.callers.during(async () => {
      const killedMs = await untilSecond(59.9);
      process.kill(processOf(before), 'SIGKILL');
      const after = await steady(before.token);
      noteFigures('live leader', {
        event: 'killed at second 59.9',
        'followed after, ms': after.atMs - killedMs,
      });
      expect(processOf(after)).not.toBe(processOf(before));
      expect(after.atMs - killedMs).toBeLessThan(FOLLOWED_WITHIN_MS);
      const untilMs = Math.ceil(killedMs / MINUTE_MS) * MINUTE_MS;
      await expectFinal(fromMs, untilMs + (isFullSize() ? 2 * MINUTE_MS : 0));
    });
    expectAllRight();
  }, 300_000);

  it('a leader that sleeps for 12 s is followed; when it wakes, its writes are refused and it stands by', async () => {
    await house.openLive();
    const before = await steady(0);
    const fromMs = clock.nowMs();
    await scene.callers.during(async () => {
      process.kill(processOf(before), 'SIGSTOP');
      await clock.sleep(12_000);
      const after = await steady(before.token);
      process.kill(processOf(before), 'SIGCONT');
      await waitFor(() => {
        expect(house.lives.map(({ log }) => log).join()).toMatch(
          /holds the lease .{1,9} no longer/,
        );
      });
      await expectRefusedInL1(before.token);
      if (isFullSize()) await expectRefusedInL2(before.token, after.token);
      await clock.sleep(4_000);
      expect((await scene.status())?.token).toBe(after.token);
      await expectFinal(fromMs, Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS);
    });
    expectAllRight();
  }, 300_000);

  async function expectFinal(sinceMs: number, untilMs: number): Promise<void> {
    const fromMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
    if (fromMs >= untilMs) return;
    await waitFor(
      async () => {
        expect(await scene.isWhole(MARKET, fromMs, untilMs)).toBe(true);
      },
      90_000 + Math.max(0, untilMs - clock.nowMs()),
    );
    const [ours, theirs] = await scene.finalRows(MARKET, fromMs, untilMs);
    expect(ours).toBe(theirs);
  }

  async function expectRefusedInL1(fence: number): Promise<void> {
    const window = new RedisCandleWindow(house.redis.cache, clock, { log: silentLogger });
    const head = { fromMs: Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS, rows: [] };
    const covered = { fromMs: 0, untilMs: 0 };
    const sight = { series: SERIES, covered, finals: [], claimsBeginning: false, head };
    const origin = { seenAtMs: clock.nowMs(), provenance: 'stream', fence } as const;
    await expect(window.put(sight, origin)).rejects.toMatchObject({ code: 'DEPOSED' });
    await window.close();
  }

  /** L2 hears of a term when its first proven minute is kept. */
  async function expectRefusedInL2(token: number, newToken: number): Promise<void> {
    await waitFor(async () => {
      expect(await house.sql('SELECT token FROM fence')).toMatchObject([{ token: newToken }]);
    }, 150_000);
    const openMs = Math.floor(clock.nowMs() / MINUTE_MS - 2) * MINUTE_MS;
    const revision = await store.openRevision(SERIES);
    const page: ProvenPage = {
      ...{ series: SERIES, rows: [], provenance: 'stream', readAtMs: clock.nowMs() },
      covered: { fromMs: openMs, untilMs: openMs + MINUTE_MS },
      basis: [{ timeframe: SERIES.timeframe, revision }],
      fence: { name: 'live', token },
    };
    await expect(store.save(page)).rejects.toMatchObject({ code: 'DEPOSED' });
  }
});
