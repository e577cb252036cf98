import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { HistoryDoor } from '../support/history-door';
import type { House } from '../support/house';
import { LimiterHouse } from '../support/limiter/limiter-house';
import { distinctPages } from '../support/limiter/page-load';
import { noteFigures } from '../support/limiter/proof-figures';
import { proofSize } from '../support/limiter/proof-size';
import { perSecondWithin, quantile } from '../support/limiter/rates';
import { redisDatabases } from '../support/redis-databases';
import { SeededRandom } from '../support/seeded-random';

const clock = new SystemClock();
const QUESTIONS = proofSize({ short: 60, full: 400 });
/** Behind all others it would be the eight seconds after which nobody is answered; the full run is for a machine that does nothing else. */
const P95_MS = proofSize({ short: 7_000, full: 400 });
const MINUTE = 60_000;
const PAGE_ROWS = 200;
const BACKFILL_FROM_MS = Date.UTC(2022, 0, 3);
const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE'];
const TIMEFRAMES = [1, 3, 5, 10];
const PAGES = 10_000;

describe('somebody who waits for a page while 10,000 pages of history are being fetched', () => {
  let stage: LimiterHouse;
  let house: House;
  const random = new SeededRandom(7);

  beforeAll(async () => {
    stage = await LimiterHouse.start({ redisDatabase: redisDatabases.limiterUrgency, workers: 2 });
    house = stage.house;
  });
  afterAll(async () => {
    await stage.close();
  });

  it('waits hardly longer than without them', async () => {
    const alone = await waits('nothing else to do', QUESTIONS);
    await openBackfills();
    await waitFor(async () => {
      expect(await rateNow()).toBeGreaterThan(3);
    }, 60_000);
    const beside = await waits(`${PAGES} pages of backfill waiting`, 0);
    expect(alone).toHaveLength(beside.length);
    expect(quantile(beside, 0.95)).toBeLessThanOrEqual(P95_MS);
    expect(await house.witness()).toMatchObject({ violations: [], rejected: 0 });
  }, 600_000);

  /** Asks for one new page after the other, at moments that keep no step with anything. */
  async function waits(name: string, firstPage: number): Promise<number[]> {
    const tookMs: number[] = [];
    const fromMs = clock.nowMs();
    for (const page of distinctPages(QUESTIONS, firstPage)) {
      await clock.sleep(random.between(100, 500));
      const askedMs = clock.monotonicMs();
      expect(await house.ask(page)).toMatchObject({ status: 200 });
      tookMs.push(clock.monotonicMs() - askedMs);
    }
    const rate = perSecondWithin(await house.arrivals(), fromMs, clock.nowMs());
    noteFigures('urgency', {
      'one caller, new pages': name,
      ...{ pages: QUESTIONS, 'p50 ms': quantile(tookMs, 0.5).toFixed(0) },
      'p95 ms': quantile(tookMs, 0.95).toFixed(0),
      'most ms': quantile(tookMs, 1).toFixed(0),
      'calls a second, all': rate.toFixed(1),
    });
    return tookMs;
  }

  async function openBackfills(): Promise<void> {
    const door = new HistoryDoor(() => house.gateways[0]!.url());
    const pagesEach = PAGES / (MARKETS.length * TIMEFRAMES.length);
    for (const market of MARKETS) {
      for (const minutes of TIMEFRAMES) {
        const untilMs = BACKFILL_FROM_MS + pagesEach * PAGE_ROWS * minutes * MINUTE;
        const [from, to] = [BACKFILL_FROM_MS, untilMs].map((ms) => new Date(ms).toISOString());
        await door.open('backfills', { market, timeframe: `${minutes}m`, from: from!, to: to! });
      }
    }
  }

  async function rateNow(): Promise<number> {
    const nowMs = clock.nowMs();
    return perSecondWithin(await house.arrivals(), nowMs - 3_000, nowMs);
  }
});
