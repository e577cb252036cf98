import type { CandleWindow, WindowMetadata } from '@candlekeep/candle-cache';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { headAt, minute, page, saved, sightOf, type WindowSubject } from './candle-window-subject';
import { freshMarket } from './redis';

/** Bytes by which one row of a head may take more or less than the row that it replaces: this is not measured. */
const HEAD_MAY_GROW = 64;

/** What every form of L1 does with its byte budget, and what it tells of itself. */
export function describeWindowBudget(subject: () => WindowSubject): void {
  let nowMs = minute(1_000);
  const fresh = (): Series => ({ market: freshMarket(), timeframe: Timeframe.parse('1m') });
  const tick = async () => {
    nowMs += 1;
    await subject().moveTo(nowMs);
  };
  const write = async (window: CandleWindow, series: Series, rows = 100) => {
    await tick();
    await window.put(page(series, 0, rows), saved());
  };
  const look = async (window: CandleWindow, series: Series) => {
    await tick();
    await sightOf(window, { series });
  };
  const names = async (window: CandleWindow) =>
    (await window.list()).map(({ series }) => seriesName(series));
  const bytesOf = async (window: CandleWindow) =>
    (await window.list()).reduce((sum, { bytes }) => sum + bytes, 0);
  /** The memory of a window of `rows` rows. */
  const sizeOf = async (rows: number) => {
    const window = subject().open();
    await window.put(page(fresh(), 0, rows), saved());
    const bytes = await bytesOf(window);
    await subject().clear();
    return bytes;
  };

  beforeEach(async () => {
    await tick();
    await subject().clear();
  });

  it('tells of each window how many rows it has, how often it was read, and when', async () => {
    const window = subject().open();
    const [read, unread] = [fresh(), fresh()];
    const createdAtMs = nowMs + 1;
    await write(window, read, 10);
    await write(window, unread, 20);
    await look(window, read);
    await look(window, read);
    await look(window, fresh());
    const list = await window.list();
    expect(list).toMatchObject([
      { series: unread, rows: 20, hits: 0, usedAtMs: createdAtMs + 1 },
      { series: read, rows: 10, hits: 2, createdAtMs, updatedAtMs: createdAtMs },
    ]);
    expect(list[1]?.usedAtMs).toBe(createdAtMs + 3);
    expect(list.every(({ bytes }) => bytes > 0)).toBe(true);
  });

  it('does not take a write that changes nothing for a use', async () => {
    const window = subject().open();
    const [a, b] = [fresh(), fresh()];
    await write(window, a);
    await write(window, b);
    const before = await window.list();
    await tick();
    await window.expectRevision(a, saved().revision);
    await window.put(page(a, 0, 9), saved(saved().revision - 1));
    expect(await window.list()).toEqual(before);
  });

  it('takes a head that only replaces another one for no use, and a first one for one', async () => {
    const window = subject().open();
    const [a, b] = [fresh(), fresh()];
    for (const series of [a, b]) await write(window, series);
    await see(window, a, 200);
    expect(await names(window)).toEqual([b, a].map(seriesName));
    await write(window, b);
    await see(window, a, 201);
    const list = await window.list();
    expect(list.map(({ series }) => seriesName(series))).toEqual([a, b].map(seriesName));
    expect(list[0]).toMatchObject({ updatedAtMs: nowMs, usedAtMs: nowMs - 2 });
    await write(window, a);
    expect(await names(window)).toEqual([b, a].map(seriesName));
  });

  it('drops the least recently used windows first, and a window that is read stays', async () => {
    const bytes = await sizeOf(100);
    const window = subject().open({ maxBytes: bytes * 3.5 });
    const [a, b, c, d, e] = [fresh(), fresh(), fresh(), fresh(), fresh()];
    for (const series of [a, b, c]) await write(window, series);
    await look(window, a);
    await write(window, d);
    expect(await names(window)).toEqual([c, a, d].map(seriesName));
    await look(window, a);
    await write(window, e);
    expect(await names(window)).toEqual([d, a, e].map(seriesName));
    expect((await sightOf(window, { series: b })).coverage.isEmpty).toBe(true);
    expect((await sightOf(window, { series: a })).rows).toHaveLength(10);
  });

  it('keeps nothing that alone is larger than the budget', async () => {
    const window = subject().open({ maxBytes: (await sizeOf(10)) * 2 });
    const small = fresh();
    await write(window, fresh(), 200);
    expect(await window.list()).toEqual([]);
    await write(window, small, 10);
    expect(await names(window)).toEqual([seriesName(small)]);
  });

  it('is within the budget after each write, and drops no more than it must', async () => {
    const maxBytes = (await sizeOf(100)) * 4;
    const step = fc.record({
      series: fc.nat(9),
      rows: fc.integer({ min: 1, max: 150 }),
      way: fc.constantFrom('write' as const, 'look' as const, 'head' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await subject().clear();
        const window = subject().open({ maxBytes });
        const all = Array.from({ length: 10 }, fresh);
        for (const { series: index, rows, way } of steps) {
          const series = all[index] ?? fresh();
          const before = await window.list();
          if (way === 'write') await write(window, series, rows);
          else await look(window, series);
          if (way === 'head') await see(window, series, rows);
          expectLeastDropped(before, await window.list(), { series, maxBytes });
        }
      }),
      { numRuns: 40 },
    );
  });

  const see = async (window: CandleWindow, series: Series, index: number) => {
    await tick();
    await window.put(headAt(series, index), { seenAtMs: nowMs, provenance: 'native' });
  };
}

/** What is left are the most recently used; had one more been kept, it would have been too much. */
function expectLeastDropped(
  before: readonly WindowMetadata[],
  after: readonly WindowMetadata[],
  { series, maxBytes }: { series: Series; maxBytes: number },
): void {
  const others = before.filter((one) => seriesName(one.series) !== seriesName(series));
  const touched = after.filter((one) => seriesName(one.series) === seriesName(series));
  const kept = after.length - touched.length;
  const expected = [...others.slice(others.length - kept), ...touched];
  expect(after.map((one) => seriesName(one.series))).toEqual(
    expected.map((one) => seriesName(one.series)),
  );
  const bytes = after.reduce((sum, one) => sum + one.bytes, 0);
  const unmeasured = before.length * HEAD_MAY_GROW;
  expect(bytes).toBeLessThanOrEqual(maxBytes + unmeasured);
  const lastDropped = others[others.length - kept - 1];
  if (lastDropped === undefined) return;
  expect(bytes + lastDropped.bytes).toBeGreaterThan(maxBytes - unmeasured);
}
