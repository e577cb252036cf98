import { Deposed, PostgresCandleStore } from '@candlekeep/candle-store';
import type { Series } from '@candlekeep/market';
import { inTransaction, type Pool } from '@candlekeep/postgres';
import {
  candle,
  freshSeries,
  minutes,
  openOf,
  pageOf,
  readAll,
} from '../support/candle-store/pages';
import { createScratchStore } from '../support/candle-store/scratch-store';
import { statementsOf } from '../support/explain';
import type { ScratchDatabase } from '../support/scratch-database';
import { SeededRandom } from '../support/seeded-random';

describe('the fence of the candle store', () => {
  let database: ScratchDatabase;
  let pool: Pool;
  let store: PostgresCandleStore;
  let leases = 0;
  let name: string;

  beforeAll(async () => {
    ({ database, pool, store } = await createScratchStore());
  });
  beforeEach(() => {
    leases += 1;
    name = `lease-${leases}`;
  });
  afterAll(async () => {
    await database.drop();
  });

  const minuteOf = async (series: Series, minute: number, token: number) =>
    await pageOf(store, {
      ...{ series, rows: [candle(minute)], covered: minutes(minute, minute + 1) },
      ...{ provenance: 'stream' as const, fence: { name, token } },
    });

  it('costs a save one statement', async () => {
    const series = freshSeries();
    for (const token of [1, 1, 2]) {
      const page = await minuteOf(series, token, token);
      await store.save(page);
      const again = await statementsOf(() => store.save(page));
      expect(again.filter(({ text }) => text.includes('fence'))).toHaveLength(1);
    }
  });

  it('lets a larger token land after every smaller one that had passed, and none after it', async () => {
    const pages = await Promise.all(
      [1, 1, 1, 2, 1].map((token) => minuteOf(freshSeries(), 0, token)),
    );
    const [opening, ...rest] = pages;
    await store.save(opening!);
    const [first, second, larger, late] = rest;
    const ended: string[] = [];
    const saveAs = async (label: string, page: typeof larger) => {
      await store.save(page!).catch((error: unknown) => {
        if (!(error instanceof Deposed)) throw error;
        label += ' refused';
      });
      ended.push(label);
    };
    const saves = await inTransaction(pool, async (blocker) => {
      await blocker.query('LOCK TABLE candles IN EXCLUSIVE MODE');
      const passed = [saveAs('smaller', first), saveAs('smaller', second)];
      await waiters(blocker, 'INSERT INTO candles', 2);
      const raising = saveAs('larger', larger);
      await waiters(blocker, 'INSERT INTO fence', 1);
      expect(ended).toEqual([]);
      return [...passed, raising];
    });
    await Promise.all(saves);
    await saveAs('late', late);
    expect(ended).toEqual(['smaller', 'smaller', 'larger', 'late refused']);
  });

  it('refuses whoever begins after a larger token was kept, however writers of many terms meet', async () => {
    const random = new SeededRandom(7);
    const writers = Array.from({ length: 8 }, () => new PostgresCandleStore(database.connect()));
    let keptToken = 0;
    const count = { kept: 0, refused: 0 };
    const run = async (writer: PostgresCandleStore) => {
      const series = freshSeries();
      const kept: number[] = [];
      for (let minute = 0; minute < 30; minute += 1) {
        const token = 1 + Math.floor(count.kept / 20) + random.between(0, 1);
        const page = await minuteOf(series, minute, token);
        const largestBefore = keptToken;
        try {
          await writer.save(page);
          expect(token).toBeGreaterThanOrEqual(largestBefore);
          keptToken = Math.max(keptToken, token);
          kept.push(openOf(minute));
          count.kept += 1;
        } catch (error) {
          if (!(error instanceof Deposed)) throw error;
          expect(error.seenToken).toBeGreaterThan(token);
          count.refused += 1;
        }
      }
      const { rows } = await readAll(store, series);
      expect(rows.map(({ openMs }) => openMs)).toEqual(kept.toReversed());
    };
    await Promise.all(writers.map(run));
    expect(count.kept).toBeGreaterThan(50);
    expect(count.refused).toBeGreaterThan(10);
  });
});

/** Waits until so many sessions wait for a lock in a statement that contains `text`. */
async function waiters(client: Pick<Pool, 'query'>, text: string, count: number): Promise<void> {
  const statement = `SELECT FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock'
                        AND pid <> pg_backend_pid() AND strpos(query, $1) > 0`;
  for (let found = 0; found < count;) {
    // The statistics are a snapshot per transaction, and the blocker's transaction is long.
    await client.query('SELECT pg_stat_clear_snapshot()');
    found = (await client.query(statement, [text])).rowCount ?? 0;
  }
}
