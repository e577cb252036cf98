import { type CandleWindow, LATEST_MS } from '@candlekeep/candle-cache';
import { Coverage, type Series, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import {
  minute,
  ONE_MINUTE_ROWS,
  page,
  rowsIn,
  saved,
  sightOf,
  type WindowSubject,
} from './candle-window-subject';
import { freshMarket } from './redis';

/** What every form of L1 does with rows and coverage. */
export function describeWindowRows(subject: () => WindowSubject): void {
  let series: Series;
  const windowOf = (maxRows = 1_000): CandleWindow => subject().open({ maxRows });
  const span = (from: number, until: number) => page(series, from, until);

  beforeEach(() => {
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
  });

  it('gives back the rows and the coverage that were put, digit for digit', async () => {
    await windowOf().put(span(0, 300), saved());
    const sight = await sightOf(windowOf(), { series, beforeMs: minute(300), limit: 1_000 });
    expect([...sight.rows].reverse()).toEqual(rowsIn({ fromMs: minute(0), untilMs: minute(300) }));
    expect(sight.coverage).toEqual(Coverage.of([{ fromMs: minute(0), untilMs: minute(300) }]));
  });

  it('gives the newest rows between both bounds', async () => {
    await windowOf().put(span(0, 100), saved());
    const query = { series, fromMs: minute(10), beforeMs: minute(40) };
    const opens = async (limit: number) =>
      (await sightOf(windowOf(), { ...query, limit })).rows.map(({ openMs }) => openMs);
    expect(await opens(3)).toEqual([minute(39), minute(38), minute(37)]);
    expect(await opens(1_000)).toHaveLength(30);
    expect(await opens(0)).toEqual([]);
  });

  it('answers many questions in their order', async () => {
    const other = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await windowOf().put(span(0, 3), saved());
    await windowOf().put(page(other, 5, 9), saved());
    const query = { beforeMs: LATEST_MS, limit: 10 };
    const sights = await windowOf().read([
      { ...query, series: other },
      { ...query, series },
      { ...query, series: { market: freshMarket(), timeframe: Timeframe.parse('1d') } },
      { ...query, series: other, limit: 1 },
    ]);
    expect(sights.map(({ rows }) => rows.length)).toEqual([4, 3, 0, 1]);
    expect(await windowOf().read([])).toEqual([]);
  });

  it('keeps daily changes', async () => {
    const daily = {
      previousClose: '1.00000000',
      change: '-0.50000000',
      changeRate: '-0.5000000000',
    };
    const row = { ...ONE_MINUTE_ROWS[0]!, daily };
    await windowOf().put({ ...span(0, 1), finals: [row] }, saved());
    expect((await sightOf(windowOf(), { series })).rows).toEqual([row]);
  });

  it('agrees with a plain model for any pages in any order', async () => {
    const pages = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 120 })), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(pages, fc.integer({ min: 20, max: 400 }), async (spans, maxRows) => {
        series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
        for (const [from, length] of spans)
          await windowOf(maxRows).put(span(from, from + length), saved());
        const sight = await sightOf(windowOf(maxRows), { series, limit: 2_000 });
        const claimed = sight.coverage.ranges.flatMap(rowsIn);
        expect([...sight.rows].reverse()).toEqual(claimed);
        expect(sight.rows.length).toBeLessThanOrEqual(maxRows);
        const put = Coverage.of(spans.map(([from, length]) => span(from, from + length).covered));
        expect(sight.coverage.subtract(put).isEmpty).toBe(true);
        if (put.ranges.flatMap(rowsIn).length <= maxRows) expect(sight.coverage).toEqual(put);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the newest rows, says from where on, and does not claim those that it trimmed', async () => {
    await windowOf(100).put(span(0, 50), saved());
    expect((await sightOf(windowOf(100), { series })).keptFromMs).toBe(0);
    await windowOf(100).put(span(50, 300), saved());
    const sight = await sightOf(windowOf(100), { series, limit: 1_000 });
    expect(sight.rows).toHaveLength(100);
    const fromMs = sight.rows.at(-1)!.openMs;
    expect(sight.coverage.ranges).toEqual([{ fromMs, untilMs: minute(300) }]);
    expect(sight.keptFromMs).toBe(fromMs);
  });

  it('keeps the newest 64 ranges, and says from where on', async () => {
    for (let index = 0; index < 70; index += 1) {
      await windowOf().put(span(index * 2, index * 2 + 1), saved());
    }
    const sight = await sightOf(windowOf(), { series, limit: 1_000 });
    expect(sight.coverage.ranges).toHaveLength(64);
    expect(sight.keptFromMs).toBe(minute(12));
    expect(sight.rows.at(-1)?.openMs).toBe(minute(12));
  });

  it('replaces a corrected row instead of keeping two of one open', async () => {
    await windowOf().put(span(0, 3), saved());
    const corrected = { ...ONE_MINUTE_ROWS[1]!, volume: '999.00000000' };
    await windowOf().put({ ...span(1, 2), finals: [corrected] }, saved());
    const { rows } = await sightOf(windowOf(), { series, beforeMs: minute(3) });
    expect(rows.map(({ openMs }) => openMs)).toEqual([minute(2), minute(1), minute(0)]);
    expect(rows[1]).toEqual(corrected);
  });

  it('remembers that a range was empty', async () => {
    await windowOf().put({ ...span(0, 5), finals: [] }, saved());
    const sight = await sightOf(windowOf(), { series });
    expect(sight.rows).toEqual([]);
    expect(sight.coverage.contains({ fromMs: minute(0), untilMs: minute(5) })).toBe(true);
  });

  it('takes from another tier only what it does not cover itself', async () => {
    const corrected = { ...ONE_MINUTE_ROWS[1]!, volume: '999.00000000' };
    await windowOf().put({ ...span(1, 2), finals: [corrected] }, saved());
    const { covered, finals } = span(0, 3);
    await windowOf().fill({ series, covered, rows: finals }, saved().revision);
    const { rows, coverage } = await sightOf(windowOf(), { series, beforeMs: minute(3) });
    expect(rows).toEqual([finals[2], corrected, finals[0]]);
    expect(coverage.ranges).toEqual([covered]);
  });
}
