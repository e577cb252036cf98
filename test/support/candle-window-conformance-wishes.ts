import { type CandleWindow, LONGEST_WISH_MS } from '@candlekeep/candle-cache';
import { type Candle, Coverage, InvalidValue, type Series, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { minute, page, rowsIn, saved, sightOf, type WindowSubject } from './candle-window-subject';
import { freshMarket } from './redis';

const HOUR_MS = 3_600_000;
const DEFAULT_ROWS = 300;

/** How every form of L1 keeps as many rows of a series as are wished for. */
export function describeWindowWishes(subject: () => WindowSubject): void {
  let nowMs = minute(2_000);
  let window: CandleWindow;
  let series: Series;
  const moveBy = async (ms: number) => {
    nowMs += ms;
    await subject().moveTo(nowMs);
  };
  const put = (from: number, until: number) => window.put(page(series, from, until), saved());
  const fill = (from: number, until: number) => {
    const { covered, finals: rows } = page(series, from, until);
    return window.fill({ series, covered, rows }, saved().revision);
  };
  const prefer = (rows: number, forMs = HOUR_MS) =>
    window.prefer([{ series, rows, untilMs: nowMs + forMs }]);
  const look = () => sightOf(window, { series, limit: 5_000 });
  const extent = async () => {
    const { coverage, keptFromMs } = await look();
    return { ranges: coverage.ranges, keptFromMs };
  };
  const span = (from: number, until: number) => ({ fromMs: minute(from), untilMs: minute(until) });

  beforeEach(async () => {
    await moveBy(1);
    await subject().clear();
    window = subject().open({ maxRows: DEFAULT_ROWS });
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
  });

  it('keeps more rows, or fewer, of a series that is wished for, and of no other', async () => {
    for (const rows of [200, 500]) {
      await prefer(rows);
      await put(0, 900);
      expect(await extent()).toEqual({
        ranges: [span(900 - rows, 900)],
        keptFromMs: minute(900 - rows),
      });
    }
    series = { ...series, timeframe: Timeframe.parse('3m') };
    await put(0, 900);
    expect((await look()).rows).toHaveLength(DEFAULT_ROWS);
  });

  it('is not full any more when it may grow: what is older is taken then', async () => {
    await put(0, 600);
    expect((await extent()).keptFromMs).toBe(minute(300));
    await prefer(500);
    expect(await extent()).toEqual({ ranges: [span(300, 600)], keptFromMs: 0 });
    await fill(150, 300);
    expect(await extent()).toEqual({ ranges: [span(150, 600)], keptFromMs: 0 });
    await fill(50, 150);
    expect(await extent()).toEqual({ ranges: [span(100, 600)], keptFromMs: minute(100) });
  });

  it('shows all that it has until the next finals, and says what they would leave', async () => {
    await prefer(600);
    await put(0, 600);
    await prefer(200);
    expect(await extent()).toEqual({ ranges: [span(0, 600)], keptFromMs: minute(400) });
    expect((await look()).rows).toHaveLength(600);
    await put(600, 601);
    expect(await extent()).toEqual({ ranges: [span(401, 601)], keptFromMs: minute(401) });
    expect((await look()).rows).toHaveLength(200);
  });

  it.each([
    ['is taken back', () => window.prefer([])],
    ['has ended when the wishes are said again', () => prefer(600, 0)],
    [
      'gave way to another',
      () => window.prefer([{ series: other(), rows: 700, untilMs: nowMs + HOUR_MS }]),
    ],
    ['was not renewed for two days', () => moveBy(LONGEST_WISH_MS)],
  ])('keeps what it did before a wish that %s', async (_what, end) => {
    await prefer(600);
    await put(0, 600);
    await end();
    expect((await extent()).keptFromMs).toBe(minute(300));
    await put(600, 601);
    expect(await extent()).toEqual({ ranges: [span(301, 601)], keptFromMs: minute(301) });
  });

  it('keeps what was wished for as long as the wish is renewed', async () => {
    await prefer(600);
    await put(0, 600);
    for (let day = 0; day < 3; day += 1) {
      await moveBy(LONGEST_WISH_MS - HOUR_MS);
      await prefer(600);
    }
    await put(600, 601);
    expect((await look()).rows).toHaveLength(600);
  });

  it('is as absent as before when nothing of it is known', async () => {
    await prefer(600);
    expect(await look()).toEqual({ nowMs, keptFromMs: 0, coverage: Coverage.EMPTY, rows: [] });
    expect(await window.list()).toEqual([]);
    await window.prefer([]);
    expect(await window.list()).toEqual([]);
  });

  it('refuses wishes out of bounds, says which, and keeps those of before', async () => {
    await prefer(600);
    await put(0, 600);
    const wish = { series, rows: 1_000, untilMs: nowMs + HOUR_MS };
    const refused = [
      [[{ ...wish, rows: 199 }], /199 rows .* 200 to 5000/],
      [[{ ...wish, rows: 5_001 }], /5001 rows/],
      [[{ ...wish, rows: 300.5 }], /whole number/],
      [[{ ...wish, untilMs: Number.NaN }], /until NaN/],
      [[wish, { ...wish, rows: 400 }], /twice/],
      [Array.from({ length: 5_001 }, () => wish), /5001 windows .* 5000 are the most/],
    ] as const;
    for (const [wishes, message] of refused) {
      await expect(window.prefer(wishes)).rejects.toThrow(InvalidValue);
      await expect(window.prefer(wishes)).rejects.toThrow(message);
    }
    await put(600, 601);
    expect((await look()).rows).toHaveLength(600);
  });

  it('never claims a row that it does not show, and takes what it says it would, for any wishes in any order', async () => {
    const step = fc.record({
      way: fc.constantFrom('put' as const, 'fill' as const, 'wish' as const, 'pass' as const),
      from: fc.nat(900),
      length: fc.integer({ min: 1, max: 400 }),
      rows: fc.option(fc.integer({ min: 200, max: 700 })),
      passes: fc.constantFrom(60_000, LONGEST_WISH_MS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
        let known = Coverage.EMPTY;
        let wish: { rows: number; atMs: number } | undefined;
        for (const { way, from, length, rows, passes } of steps) {
          const before = await extent();
          const covered = span(from, from + length);
          if (way === 'pass') await moveBy(passes);
          if (way === 'wish') wish = rows === null ? undefined : { rows, atMs: nowMs };
          if (way === 'wish') await (rows === null ? window.prefer([]) : prefer(rows));
          const isWished = wish !== undefined && nowMs < wish.atMs + LONGEST_WISH_MS;
          const limit = isWished ? (wish?.rows ?? 0) : DEFAULT_ROWS;
          if (way === 'put') await put(from, from + length);
          if (way === 'fill') await fill(from, from + length);
          if (way === 'put' || way === 'fill') {
            known = trimmed(Coverage.of([...before.ranges, covered]), limit);
          }
          const sight = await look();
          expect(sight.coverage).toEqual(known);
          expect([...sight.rows].reverse()).toEqual(known.ranges.flatMap(rowsIn));
          expect(sight.keptFromMs).toBe(sight.rows[limit - 1]?.openMs ?? 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  const other = (): Series => ({ market: freshMarket(), timeframe: Timeframe.parse('1m') });
}

/** What is left of a coverage when the newest rows stay. */
function trimmed(coverage: Coverage, limit: number): Coverage {
  const rows: readonly Candle[] = coverage.ranges.flatMap(rowsIn);
  if (rows.length <= limit) return coverage;
  return coverage.intersect({ fromMs: rows.at(-limit)?.openMs ?? 0, untilMs: Infinity });
}
