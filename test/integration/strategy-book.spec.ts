import {
  analyseStrategy,
  type ListedStrategy,
  migrateStrategies,
  parseStrategy,
  StrategyBook,
  StrategyRefused,
} from '@candlekeep/strategies';
import type { Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import { demoStrategy as demo } from '../support/strategy-documents';

describe('the book of strategies', () => {
  let database: ScratchDatabase;
  let pool: Pool;
  let book: StrategyBook;
  beforeAll(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    await Promise.all([1, 2, 3].map(() => migrateStrategies(pool, silentLogger)));
    book = new StrategyBook(pool);
  });
  afterAll(async () => {
    await database.drop();
  });
  beforeEach(async () => {
    await pool.query('DELETE FROM strategies');
  });
  const flat = (period: number | string) => ({
    ...{ symbol: 'KRW-BTC', timeframe: '1d', RSI_period: period },
  });
  const put = (id: string, document: object, options?: { isActive?: boolean }) =>
    book.put(parseStrategy(document, id), document, options);
  const idsOf = (list: readonly ListedStrategy[]) =>
    list.map((listed) => ('unreadable' in listed ? `${listed.id}?` : listed.strategy.id));
  const many = <Value>(count: number, work: (i: number) => Promise<Value>) =>
    Promise.all(Array.from({ length: count }, (_, i) => work(i)));

  it('keeps a document as it was given, and reads the strategy out of it', async () => {
    const { stored, isNew } = await put('demo_7rule_btc', demo);
    expect({ isNew, isActive: stored.isActive }).toEqual({ isNew: true, isActive: false });
    expect(stored.document).toEqual(demo);
    expect(stored.strategy).toEqual(parseStrategy(demo));
    await put('texts', flat(' 14 '));
    const found = await book.find('texts');
    expect(found?.document).toEqual(flat(' 14 '));
    expect(found && analyseStrategy(found.strategy)[0]?.candles).toBe(64);
  });

  it('says whether a strategy is new, and keeps whether it is active', async () => {
    const first = await put('a', flat(14), { isActive: true });
    const second = await put('a', flat(20));
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect([first.stored.isActive, second.stored.isActive]).toEqual([true, true]);
    expect((await put('a', flat(20), { isActive: false })).stored.isActive).toBe(false);
    expect(second.stored.createdAtMs).toBe(first.stored.createdAtMs);
    expect(second.stored.updatedAtMs).toBeGreaterThanOrEqual(first.stored.updatedAtMs);
  });

  it('lists all, or the active ones, by name', async () => {
    for (const id of ['b', 'a', 'C']) await put(id, flat(14), { isActive: id !== 'b' });
    expect(idsOf(await book.list())).toEqual(['C', 'a', 'b']);
    expect(idsOf(await book.listActive())).toEqual(['C', 'a']);
    await book.setActive('b', true);
    await book.setActive('a', false);
    expect(idsOf(await book.listActive())).toEqual(['C', 'b']);
  });

  it('goes on without a document of another version, tells it once a revision, and lets it be mended', async () => {
    const told: string[] = [];
    const watched = new StrategyBook(pool, {
      onUnreadable: (id, { problems }) => told.push(`${id} ${problems[0]?.field}`),
    });
    for (const id of ['a', 'b', 'c']) await put(id, flat(14), { isActive: true });
    const newer = { ...flat(14), RSI_period: 2_000 };
    await pool.query(`UPDATE strategies SET document = $1 WHERE id = 'b'`, [newer]);
    for (let look = 0; look < 3; look += 1) {
      expect(idsOf(await watched.listActive())).toEqual(['a', 'c']);
    }
    expect(told).toHaveLength(1);
    expect(idsOf(await book.list())).toEqual(['a', 'b?', 'c']);
    const reason: unknown = expect.stringMatching(/^strategy "b" is refused: RSI_period: expected/);
    expect((await book.list())[1]).toMatchObject({
      ...{ id: 'b', isActive: true, document: newer, unreadable: reason },
    });
    await expect(book.find('b')).rejects.toBeInstanceOf(StrategyRefused);
    expect(await book.setActive('b', false)).toMatchObject({ isActive: false, unreadable: reason });
    expect(await book.setActive('b', true)).toMatchObject({ isActive: true, unreadable: reason });
    await pool.query(`UPDATE strategies SET revision = revision + 1 WHERE id = 'b'`);
    await watched.listActive();
    expect(told).toEqual(['b RSI_period', 'b RSI_period']);
    await put('b', flat(20));
    expect(idsOf(await watched.listActive())).toEqual(['a', 'b', 'c']);
    expect(told).toHaveLength(2);
  });

  it('has a larger revision after each change, and none after a look', async () => {
    const revisions = [await book.revision()];
    const note = async () => revisions.push(await book.revision());
    await put('a', flat(14)).then(note);
    await put('a', flat(15)).then(note);
    await book.setActive('a', true).then(note);
    await book.remove('a').then(note);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    expect(await book.revision()).toBe(revisions.at(-1));
  });

  it('knows nothing of names that cannot be, or are not there', async () => {
    for (const id of ['none', 'a/b', '', '\0', 'x'.repeat(65)]) {
      expect(await book.find(id)).toBeUndefined();
      expect(await book.setActive(id, true)).toBeUndefined();
      expect(await book.remove(id)).toBe(false);
    }
  });

  it('calls one of many equal puts new, and keeps one of them whole', async () => {
    const puts = await many(24, (i) => put('a', flat(i + 2)));
    expect(puts.filter(({ isNew }) => isNew)).toHaveLength(1);
    const revisions = puts.map(({ stored }) => stored.revision);
    expect(new Set(revisions).size).toBe(24);
    const last = puts.find(({ stored }) => stored.revision === Math.max(...revisions));
    expect(await book.find('a')).toEqual(last?.stored);
  });

  it('loses no change among puts, switches and removals of the same strategies', async () => {
    const before = await book.revision();
    const outcomes = await many(120, async (i) => {
      const id = `s${i % 3}`;
      if (i % 4 === 0) return await book.remove(id);
      if (i % 4 === 1) return (await book.setActive(id, true)) !== undefined;
      return (await put(id, flat(2 + i))).isNew;
    });
    expect(outcomes).toHaveLength(120);
    expect(await book.revision()).toBe(before + 120);
    for (const { id } of (await pool.query<{ id: string }>('SELECT id FROM strategies')).rows) {
      const kept = await book.find(id);
      expect(kept?.strategy).toEqual(parseStrategy(kept?.document, id));
      expect(kept?.revision).toBeLessThanOrEqual(before + 120);
    }
  });

  it('does not bring a removed strategy back when it is activated', async () => {
    for (let round = 0; round < 10; round += 1) {
      await put('a', flat(14));
      const [activated, removed] = await Promise.all([book.setActive('a', true), book.remove('a')]);
      expect(removed).toBe(true);
      expect([undefined, true]).toContain(activated?.isActive);
      expect(await book.find('a')).toBeUndefined();
    }
  });

  it('holds after a put and a removal at once what the later one of the two left', async () => {
    for (let round = 0; round < 20; round += 1) {
      await put('a', flat(14));
      const [changed, removed] = await Promise.all([put('a', flat(20)), book.remove('a')]);
      expect(removed).toBe(true);
      expect((await book.find('a'))?.document).toEqual(changed.isNew ? flat(20) : undefined);
    }
  });

  it('shows a change to whoever has seen its revision', async () => {
    await put('a', flat(2));
    const writing = (async () => {
      for (let period = 3; period <= 40; period += 1) await put('a', flat(period));
    })();
    for (let seen = 0; seen < 30; seen += 1) {
      const revision = await book.revision();
      expect((await book.find('a'))?.revision).toBeGreaterThanOrEqual(revision);
    }
    await writing;
  });

  it('says that Postgres does not answer', async () => {
    const empty = await createScratchDatabase();
    const lost = new StrategyBook(empty.connect());
    const refused = expect(lost.list()).rejects;
    await refused.toThrow(/could not read the strategies: .*Check that Postgres/);
    await refused.toMatchObject({ code: 'STRATEGIES_UNAVAILABLE', retryable: true });
    await empty.drop();
  });
});
