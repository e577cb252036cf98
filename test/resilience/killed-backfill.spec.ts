import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { HistoryDoor } from '../support/history-door';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const DAY = 86_400_000;
/** The job of the dead is noticed, and a new process is up, on a machine that does other things besides. */
const NOTICED_WITHIN_MS = 45_000;
const today = Math.floor(new SystemClock().nowMs() / DAY) * DAY;

describe('a backfill whose worker is killed', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.killedBackfill });
  });
  afterAll(async () => {
    await house.close();
  });

  it('is finished by another without reading a page twice, also when the queue has lost it', async () => {
    const door = new HistoryDoor(() => house.gateways[0]!.url());
    /** 4,320 minutes: 22 pages. */
    const [from, to] = [today - 6 * DAY, today - 3 * DAY].map((ms) => new Date(ms).toISOString());
    const wish = { market: 'KRW-ETH', timeframe: '1m', from: from!, to: to! };
    const endWorkerAfter = async (id: string, pages: number, signal: NodeJS.Signals) => {
      await waitFor(async () => {
        expect((await door.look('backfills', id)).pages).toBeGreaterThanOrEqual(pages);
      }, NOTICED_WITHIN_MS);
      const exitCode = await house.workers.pop()?.stop(signal);
      await house.open({ gateways: 0, workers: 1 });
      return exitCode;
    };

    const calls = await house.callsDuring(async () => {
      const { id } = await door.open('backfills', wish);
      await endWorkerAfter(id, 4, 'SIGKILL');
      expect(await endWorkerAfter(id, 8, 'SIGTERM')).toBe(0);
      await endWorkerAfter(id, 12, 'SIGKILL');
      await house.redis.queue.flushdb();
      const ended = await door.untilEnded('backfills', id);
      expect(ended).toMatchObject({ state: 'done', cursor: from });
      expect(ended.pages).toBeGreaterThanOrEqual(19);
    });
    // Each end may catch one page between the exchange's answer and the store.
    expect(calls).toBeGreaterThanOrEqual(22);
    expect(calls).toBeLessThanOrEqual(25);

    expect(await door.run('verifications', wish)).toMatchObject({
      ...{ state: 'done', verdict: 'equal', compared: 4_320, added: 0 },
    });
  }, 180_000);
});
