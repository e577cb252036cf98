import { createPool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { migrateUsage, UsageBook, UsageModel } from '@candlekeep/usage';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import { questionOf } from '../support/usage-sides';

describe('the book of what was learned', () => {
  let database: ScratchDatabase;
  let book: UsageBook;

  beforeEach(async () => {
    database = await createScratchDatabase();
    const pool = database.connect();
    await Promise.all([migrateUsage(pool, silentLogger), migrateUsage(pool, silentLogger)]);
    book = new UsageBook(pool);
  });
  afterEach(() => database.drop());

  const load = async (token?: number) => {
    const { rows, lastId } = await book.load(token);
    return { lastId, rows: Object.fromEntries(rows.map(({ key, data }) => [key, data])) };
  };

  it('begins empty, at the beginning of the stream', async () => {
    expect(await load()).toEqual({ rows: {}, lastId: '0' });
  });

  it('holds the newest of each row, without what was forgotten', async () => {
    const data = { hours: [0, 1.5, 2e-9], name: 'Käufer "1"', none: null };
    await book.save(
      [
        { key: 'a', data: 1 },
        { key: 'b', data },
        { key: 'c', data: [1] },
      ],
      '10-1',
      1,
    );
    await book.save(
      [
        { key: 'a', data: 2 },
        { key: 'c', data: undefined },
        { key: 'a', data: 3 },
        { key: 'never there', data: undefined },
        { key: 'd', data: null },
      ],
      '20-2',
      1,
    );
    expect(await load()).toEqual({ rows: { a: 3, b: data, d: null }, lastId: '20-2' });
    expect((await book.load()).untilMs).toBe(20);
  });

  it('moves on in the stream also when nothing has changed', async () => {
    expect(await book.save([], '10-1', 1)).toBe(true);
    expect(await load()).toEqual({ rows: {}, lastId: '10-1' });
  });

  it('refuses all of a save by whoever was succeeded', async () => {
    expect(await book.save([{ key: 'a', data: 'new' }], '20-2', 1_795_400_000_001)).toBe(true);
    const old = await book.save(
      [
        { key: 'a', data: 'old' },
        { key: 'b', data: 'old' },
      ],
      '10-1',
      1_795_400_000_000,
    );
    expect(old).toBe(false);
    expect(await load()).toEqual({ rows: { a: 'new' }, lastId: '20-2' });
  });

  it('refuses a predecessor as soon as the successor has loaded, and readers change nothing', async () => {
    expect(await book.save([{ key: 'a', data: 1 }], '10-1', 1)).toBe(true);
    await load();
    expect(await book.save([{ key: 'a', data: 2 }], '20-2', 1)).toBe(true);
    expect(await load(2)).toEqual({ rows: { a: 2 }, lastId: '20-2' });
    expect(await book.save([{ key: 'a', data: 3 }], '30-3', 1)).toBe(false);
    await load(1);
    expect(await book.save([{ key: 'a', data: 4 }], '30-3', 2)).toBe(true);
    expect(await load()).toEqual({ rows: { a: 4 }, lastId: '30-3' });
  });

  it('is whole whenever it is looked at: all rows of a save and its place', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `row ${i}`);
    const saves = (async () => {
      for (let i = 1; i <= 30; i++) {
        await book.save(
          keys.map((key) => ({ key, data: i })),
          `${i}-1`,
          1,
        );
      }
    })();
    const seen = new Set<string>();
    while (!seen.has('30-1')) {
      const { rows, lastId } = await book.load();
      seen.add(lastId);
      expect(new Set(rows.map(({ data }) => `${String(data)}-1`))).toEqual(
        new Set(lastId === '0' ? [] : [lastId]),
      );
    }
    await saves;
  });

  it('lets the largest token win of saves at once, with all that it said', async () => {
    const tokens = [3, 1, 5, 2, 4];
    await Promise.all(
      tokens.map((token) =>
        book.save(
          [
            { key: 'a', data: token },
            { key: 'b', data: token },
          ],
          `${token}-1`,
          token,
        ),
      ),
    );
    expect(await load()).toEqual({ rows: { a: 5, b: 5 }, lastId: '5-1' });
  });

  it('gives a model back as it was', async () => {
    const model = new UsageModel();
    for (let minute = 0; minute < 3_000; minute++) {
      const atMs = Date.UTC(2026, 0, 5, 0, minute);
      for (const [caller, every] of [
        ['desk', 15],
        ['chart-7', 60],
      ] as const) {
        const isAsked = minute % every === 0;
        if (isAsked) model.learn({ ...questionOf(caller, minute % 2), atMs, times: 1 });
      }
    }
    const rows = model.changes();
    await book.save(rows, '10-1', 1);
    const loaded = (await book.load()).rows;
    expect(new Set(loaded)).toEqual(new Set(rows));
    const restored = new UsageModel();
    restored.restore(loaded);
    expect(restored.counts).toEqual({ questions: 3, unreadable: 0 });
  });

  it('takes a model of 20,000 rows in one save', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ key: `row ${i}`, data: [i, i] }));
    expect(await book.save(rows, '10-1', 1)).toBe(true);
    expect((await book.load()).rows).toHaveLength(20_000);
  });

  it('that does not answer says what could not be done, and that it may be tried again', async () => {
    const gone = new URL(database.url);
    gone.port = '1';
    const options = { applicationName: 'test', onError: () => undefined };
    const pool = createPool({ url: gone.href, ...options });
    const away = new UsageBook(pool);
    await expect(away.load()).rejects.toThrow(
      /^could not load what was learned of usage: .*DATABASE_URL/,
    );
    const saving = away.save([], '1-1', 1);
    await expect(saving).rejects.toMatchObject({ code: 'USAGE_UNAVAILABLE', retryable: true });
    await pool.end();
  });
});
