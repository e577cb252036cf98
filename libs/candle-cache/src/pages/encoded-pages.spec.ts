import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import type { CandleAnswer, CandleQuery } from '../candle-query';
import { LATEST_MS } from '../candle-query';
import { EncodedPages } from './encoded-pages';

const market = parseMarketCode('KRW-BTC');
const series = { market, timeframe: Timeframe.parse('1m') };
const START_MS = Date.UTC(2026, 0, 3, 9);
const MAX_BYTES = 100_000;
const newest: CandleQuery = {
  ...{ series, beforeMs: LATEST_MS, count: 2, maxAgeMs: 1_000, onlyIfCached: false },
};
const closed: CandleQuery = { ...newest, beforeMs: START_MS - 60_000 };

/** The tiers below, as far as they are asked: the number of the read is the price. */
class NumberedCandles {
  readonly asked: CandleQuery[] = [];
  before: () => Promise<void> = () => Promise.resolve();
  more: Partial<CandleAnswer> = {};

  constructor(private readonly clock: ManualClock) {}

  async read(query: CandleQuery): Promise<CandleAnswer> {
    this.asked.push(query);
    const price = String(this.asked.length);
    await this.before();
    const nowMs = this.clock.nowMs();
    return {
      ...{ rows: [row(price)], source: 'l1', collapsed: false, ageMs: 0, asOfMs: nowMs },
      ...{ staleMs: 0, insteadOfError: false },
      finalUntilMs: Math.min(query.beforeMs, START_MS),
      ...this.more,
    };
  }
}

function row(price: string): Candle {
  const prices = { open: price, high: price, low: price, close: price };
  const openMs = START_MS - 120_000;
  return { openMs, ...prices, timestampMs: openMs, turnover: '1', volume: '1' };
}

function setUp(maxBytes = MAX_BYTES) {
  const clock = new ManualClock(START_MS);
  const candles = new NumberedCandles(clock);
  const pages = new EncodedPages({ candles, clock, maxBytes });
  pages.back();
  const question = (query: CandleQuery, form = 'price') => ({
    ...{ query, form },
    encode: ({ rows }: CandleAnswer) => ({
      body: Buffer.from(rows.map(({ close }) => close).join()),
      entityTag: `"${form}"`,
    }),
  });
  const ask = async (query: CandleQuery, form?: string) => {
    const { body, ...answer } = await pages.read(question(query, form));
    return { ...answer, price: body.toString() };
  };
  const find = (query: CandleQuery) => pages.find(question(query))?.body.toString();
  return { clock, candles, pages, ask, find };
}

describe('encoded pages', () => {
  it('are served again without a read, and say so, as old as they are by then', async () => {
    const { clock, candles, ask } = setUp();
    candles.more = { ageMs: 300, asOfMs: START_MS - 300 };
    expect(await ask(newest)).toMatchObject({ price: '1', source: 'l1', ageMs: 300 });
    await clock.advance(700);
    expect(await ask(newest)).toMatchObject({
      ...{ price: '1', source: 'l0', ageMs: 1_000, asOfMs: START_MS - 300, entityTag: '"price"' },
    });
    await clock.advance(1);
    expect(await ask(newest)).toMatchObject({ price: '2', source: 'l1' });
  });

  it('are of one question and one form', async () => {
    const { candles, ask } = setUp();
    for (const other of [newest, closed, { ...newest, count: 3 }]) await ask(other);
    await ask(newest, 'another');
    await ask({ ...newest, series: { market, timeframe: Timeframe.parse('3m') } });
    expect(candles.asked).toHaveLength(5);
    expect(await ask({ ...newest, maxAgeMs: 5_000, caller: 'chart' })).toMatchObject({
      price: '1',
    });
  });

  it('of finals alone have no age, but are not believed for longer than 30 s', async () => {
    const { clock, ask } = setUp();
    await ask(closed);
    await clock.advance(30_000);
    const answer = await ask({ ...closed, maxAgeMs: 0 });
    expect(answer).toMatchObject({ price: '1', source: 'l0', asOfMs: START_MS + 30_000, ageMs: 0 });
    await clock.advance(1);
    expect(await ask(closed)).toMatchObject({ price: '2' });
  });

  it('that lean on a sight have an age, though all their rows are final: nothing was traded since', async () => {
    const { clock, ask } = setUp();
    const answer = await ask(newest);
    expect(answer).toMatchObject({ rowCount: 1, finalCount: 1 });
    await clock.advance(1_001);
    expect(await ask(newest)).toMatchObject({ price: '2' });
  });

  it('give way to another sight of their market, except for those of finals', async () => {
    const { pages, find, ask } = setUp();
    await ask(newest);
    await ask(closed);
    pages.changed({ kind: 'sight', market: parseMarketCode('KRW-ETH') });
    expect([find(newest), find(closed)]).toEqual(['1', '2']);
    pages.changed({ kind: 'sight', market });
    expect([find(newest), find(closed)]).toEqual([undefined, '2']);
  });

  it('give way to another revision, and not to the same one told twice', async () => {
    const { pages, find, ask } = setUp();
    const revision = { kind: 'revision', market, series: 'KRW-BTC:1m' } as const;
    pages.changed({ ...revision, revision: '7' });
    await ask(closed);
    pages.changed({ ...revision, revision: '7' });
    expect(find(closed)).toBe('1');
    pages.changed({ ...revision, revision: '8' });
    expect(find(closed)).toBeUndefined();
  });

  it.each(['sight', 'revision'] as const)(
    'are not kept when a %s was told while their rows were read',
    async (kind) => {
      const { candles, pages, find, ask } = setUp();
      candles.before = () => {
        const told = kind === 'sight' ? { kind } : { kind, series: 'KRW-BTC:1m', revision: '9' };
        pages.changed({ ...told, market });
        return Promise.resolve();
      };
      expect(await ask(newest)).toMatchObject({ price: '1' });
      expect(find(newest)).toBeUndefined();
    },
  );

  it('are all forgotten when changes are heard no longer, and kept again from then on when they are', async () => {
    const { candles, pages, find, ask } = setUp();
    await ask(closed);
    pages.lost();
    expect(find(closed)).toBeUndefined();
    await ask(closed);
    expect(find(closed)).toBeUndefined();
    candles.before = () => {
      pages.back();
      return Promise.resolve();
    };
    await ask(closed);
    expect(find(closed)).toBeUndefined();
    candles.before = () => Promise.resolve();
    await ask(closed);
    expect(find(closed)).toBe('4');
  });

  it('are not kept of an answer that stands in for an error, or is staler than asked', async () => {
    const { candles, find, ask } = setUp();
    candles.more = { staleMs: 500, insteadOfError: true };
    expect(await ask(newest)).toMatchObject({ price: '1', staleMs: 500, insteadOfError: true });
    expect(find({ ...newest, maxAgeMs: 60_000 })).toBeUndefined();
  });

  it('stay within their bytes, the least recently used going first', async () => {
    const { pages, find, ask } = setUp(8 * 1_010);
    const counts = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const count of counts) await ask({ ...newest, count });
    expect(find({ ...newest, count: 1 })).toBe('1');
    await ask({ ...newest, count: 9 });
    expect(pages.bytes).toBeLessThanOrEqual(8 * 1_010);
    const kept = [...counts, 9].filter((count) => find({ ...newest, count }) !== undefined);
    expect(kept).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('that would push out most others are not kept', async () => {
    const { find, ask } = setUp(1_000);
    await ask(newest);
    expect(find(newest)).toBeUndefined();
  });

  it('are none where they may take no bytes', async () => {
    const { candles, ask, pages } = setUp(0);
    expect([await ask(closed), await ask(closed)]).toMatchObject([{ price: '1' }, { price: '2' }]);
    expect(candles.asked).toHaveLength(2);
    expect(pages.bytes).toBe(0);
  });
});
