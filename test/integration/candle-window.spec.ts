import { CandleWindow, LATEST_MS, type PageEvidence } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { Coverage, type Series, seriesName, Timeframe } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import fc from 'fast-check';
import { recordedCandles } from '../support/recorded-candles';
import { freshMarket, TestRedis } from '../support/redis';

const MINUTE = 60_000;
const recorded = recordedCandles('upbit_KRW-DOGE_1m_20250901_20251004').slice(0, 2_000);
const startMs = recorded[0]!.openMs;
const minute = (index: number): number => startMs + index * MINUTE;

describe('CandleWindow', () => {
  const servers = new TestRedis();
  const redis = servers.cache();
  const clock = new SystemClock();
  let series: Series;

  beforeEach(() => {
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
  });
  afterAll(() => {
    servers.close();
  });

  const windowOf = (maxRows = 1_000): CandleWindow => new CandleWindow(redis, clock, { maxRows });
  const page = (from: number, until: number): PageEvidence => {
    const covered = { fromMs: minute(from), untilMs: minute(until) };
    return { series, covered, finals: rowsIn(covered), claimsBeginning: false };
  };
  const rowsIn = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) =>
    recorded.filter(({ openMs }) => openMs >= fromMs && openMs < untilMs);
  const redisNow = async (): Promise<number> => (await windowOf().read(series, LATEST_MS, 0)).nowMs;

  it('gives back the rows and the coverage that were put, digit for digit', async () => {
    await windowOf().put(page(0, 300), 0);
    const sight = await windowOf().read(series, minute(300), 1_000);
    expect([...sight.rows].reverse()).toEqual(rowsIn({ fromMs: minute(0), untilMs: minute(300) }));
    expect(sight.coverage).toEqual(Coverage.of([{ fromMs: minute(0), untilMs: minute(300) }]));
  });

  it('keeps daily changes', async () => {
    const daily = {
      previousClose: '1.00000000',
      change: '-0.50000000',
      changeRate: '-0.5000000000',
    };
    const row = { ...recorded[0]!, daily };
    await windowOf().put({ ...page(0, 1), finals: [row] }, 0);
    expect((await windowOf().read(series, LATEST_MS, 1)).rows).toEqual([row]);
  });

  it('agrees with a plain model for any pages in any order', async () => {
    const pages = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 120 })), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(pages, fc.integer({ min: 20, max: 400 }), async (spans, maxRows) => {
        series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
        for (const [from, length] of spans)
          await windowOf(maxRows).put(page(from, from + length), 0);
        const sight = await windowOf(maxRows).read(series, LATEST_MS, 2_000);
        const claimed = sight.coverage.ranges.flatMap(rowsIn);
        expect([...sight.rows].reverse()).toEqual(claimed);
        expect(sight.rows.length).toBeLessThanOrEqual(maxRows);
        const put = Coverage.of(spans.map(([from, length]) => page(from, from + length).covered));
        expect(sight.coverage.subtract(put).isEmpty).toBe(true);
        if (put.ranges.flatMap(rowsIn).length <= maxRows) expect(sight.coverage).toEqual(put);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the newest rows and does not claim those that it trimmed', async () => {
    await windowOf(100).put(page(0, 300), 0);
    const sight = await windowOf(100).read(series, LATEST_MS, 1_000);
    expect(sight.rows).toHaveLength(100);
    expect(sight.coverage.ranges).toEqual([
      { fromMs: sight.rows.at(-1)!.openMs, untilMs: minute(300) },
    ]);
  });

  it('replaces a corrected row instead of keeping two of one open', async () => {
    await windowOf().put(page(0, 3), 0);
    const corrected = { ...recorded[1]!, volume: '999.00000000' };
    await windowOf().put({ ...page(1, 2), finals: [corrected] }, 0);
    const { rows } = await windowOf().read(series, minute(3), 10);
    expect(rows.map(({ openMs }) => openMs)).toEqual([minute(2), minute(1), minute(0)]);
    expect(rows[1]).toEqual(corrected);
  });

  it('remembers that a range was empty', async () => {
    await windowOf().put({ ...page(0, 5), finals: [] }, 0);
    const sight = await windowOf().read(series, LATEST_MS, 10);
    expect(sight.rows).toEqual([]);
    expect(sight.coverage.contains({ fromMs: minute(0), untilMs: minute(5) })).toBe(true);
  });

  it.each(['seriesRows', 'seriesMeta'] as const)(
    'reads as absent when only %s was evicted',
    async (key) => {
      await windowOf().put(page(0, 50), 0);
      await redis.del(keys[key](seriesName(series)));
      const sight = await windowOf().read(series, LATEST_MS, 100);
      expect(sight.coverage.isEmpty).toBe(true);
      expect(sight.rows).toEqual([]);
      expect(sight.head).toBeUndefined();
    },
  );

  it.each(['seriesRows', 'seriesMeta'] as const)(
    'starts anew after the loss of %s',
    async (key) => {
      await windowOf().put(page(0, 50), 0);
      await redis.del(keys[key](seriesName(series)));
      await windowOf().put(page(100, 120), 0);
      const sight = await windowOf().read(series, LATEST_MS, 1_000);
      expect(sight.coverage.ranges).toEqual([{ fromMs: minute(100), untilMs: minute(120) }]);
      expect([...sight.rows].reverse()).toEqual(
        rowsIn({ fromMs: minute(100), untilMs: minute(120) }),
      );
    },
  );

  describe('head', () => {
    const headPage = (from: number): PageEvidence => ({
      ...page(0, 1),
      head: { fromMs: minute(from), rows: [recorded[from]!] },
    });

    it('holds what was seen and when', async () => {
      const seenAtMs = (await redisNow()) - 700;
      await windowOf().put(headPage(5), seenAtMs);
      const { head } = await windowOf().read(series, LATEST_MS, 10);
      expect(head).toEqual({ fromMs: minute(5), seenAtMs, rows: [recorded[5]] });
    });

    it('is not turned back by a sight that is older but arrives later', async () => {
      const nowMs = await redisNow();
      await windowOf().put(headPage(6), nowMs - 100);
      await windowOf().put(headPage(5), nowMs - 900);
      expect((await windowOf().read(series, LATEST_MS, 10)).head?.fromMs).toBe(minute(6));
    });

    it('is dropped when finals reach past it without bringing a new one', async () => {
      await windowOf().put(headPage(5), await redisNow());
      await windowOf().put(page(0, 5), 0);
      expect((await windowOf().read(series, LATEST_MS, 10)).head).toBeDefined();
      await windowOf().put(page(0, 6), 0);
      expect((await windowOf().read(series, LATEST_MS, 10)).head).toBeUndefined();
    });

    it('is replaced when it comes from a clock that runs ahead', async () => {
      const nowMs = await redisNow();
      await windowOf().put(headPage(6), nowMs + 3_600_000);
      await windowOf().put(headPage(7), nowMs - 5);
      expect((await windowOf().read(series, LATEST_MS, 10)).head?.fromMs).toBe(minute(7));
    });
  });

  it('takes from another tier only what it does not cover itself', async () => {
    const corrected = { ...recorded[1]!, volume: '999.00000000' };
    await windowOf().put({ ...page(1, 2), finals: [corrected] }, 0);
    const { covered, finals } = page(0, 3);
    await windowOf().fill({ series, covered, rows: finals });
    const { rows, coverage } = await windowOf().read(series, minute(3), 10);
    expect(rows).toEqual([finals[2], corrected, finals[0]]);
    expect(coverage.ranges).toEqual([covered]);
  });

  it('says from where on a full window keeps rows', async () => {
    await windowOf(100).put(page(0, 50), 0);
    expect((await windowOf(100).read(series, LATEST_MS, 0)).keptFromMs).toBe(0);
    await windowOf(100).put(page(50, 300), 0);
    const sight = await windowOf(100).read(series, LATEST_MS, 100);
    expect(sight.keptFromMs).toBe(sight.rows.at(-1)!.openMs);
  });

  it('bounds both keys by a time to live', async () => {
    await windowOf().put(page(0, 5), 0);
    const name = seriesName(series);
    for (const key of [keys.seriesRows(name), keys.seriesMeta(name)]) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
  });
});
