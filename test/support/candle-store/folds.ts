import type { CandleStore, SavedPage } from '@candlekeep/candle-cache';
import { type Candle, Coverage, type Series, Timeframe, type TimeRange } from '@candlekeep/market';
import {
  candle,
  freshSeries,
  inTimeframe,
  keep,
  minutes,
  openOf,
  readAll,
  unverifiedRanges,
} from './pages';

const DAY = 1_440;
const NEW = '2.00000000';
const DAILY = {
  previousClose: '1.00000000',
  change: '1.00000000',
  changeRate: '1.0000000000',
};

/** What longer timeframes hold of a corrected slot goes, unless it was verified. */
export function describeFolds(store: () => CandleStore): void {
  const fold = (series: Series, rows: Candle[], covered: TimeRange): Promise<SavedPage> =>
    keep(store(), { series, rows, covered, provenance: 'fold' });
  const correct = async (source: Series, minute: number): Promise<void> => {
    const covered = { fromMs: openOf(minute), untilMs: source.timeframe.closeOf(openOf(minute)) };
    await keep(store(), { series: source, rows: [candle(minute)], covered });
    await keep(store(), { series: source, rows: [candle(minute, NEW)], covered });
  };

  it('takes away the folded slot that holds a corrected minute, and no other', async () => {
    const series = freshSeries('5m');
    const rows = [candle(0), candle(5), candle(10)];
    const { revision } = await fold(series, rows, minutes(0, 15));
    await correct(inTimeframe(series, '1m'), 7);
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([candle(10), candle(0)]);
    expect(known.coverage.ranges).toEqual([minutes(0, 5), minutes(10, 15)]);
    expect(known.revision).toBeGreaterThan(revision);
  });

  it('takes away a slot that was folded to "no trades" when its source shows one', async () => {
    const series = freshSeries('5m');
    const source = inTimeframe(series, '1m');
    await keep(store(), { series: source, rows: [], covered: minutes(0, 10) });
    const { revision } = await fold(series, [], minutes(0, 10));
    await keep(store(), { series: source, rows: [candle(8)], covered: minutes(8, 9) });
    const known = await readAll(store(), series);
    expect(known.coverage.ranges).toEqual([minutes(0, 5)]);
    expect(known.revision).toBeGreaterThan(revision);
  });

  it('leaves verified slots, and their revision, as they are', async () => {
    const series = freshSeries('5m');
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 5) });
    const before = await readAll(store(), series);
    await correct(inTimeframe(series, '1m'), 2);
    expect(await readAll(store(), series)).toEqual(before);
  });

  it.each([
    { provenance: 'native', readAtMs: openOf(6) } as const,
    { provenance: 'stream' } as const,
  ])('takes away a longer slot that was seen as early as the minute was: %j', async (origin) => {
    const series = freshSeries('5m');
    const rows = [candle(0), candle(5)];
    const { revision } = await keep(store(), { series, rows, covered: minutes(0, 10), ...origin });
    await correct(inTimeframe(series, '1m'), 2);
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([candle(5)]);
    expect(known.coverage.ranges).toEqual([minutes(5, 10)]);
    expect(known.revision).toBeGreaterThan(revision);
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(5, 10)]);
  });

  it('takes away the day after a corrected minute, when neither day was verified', async () => {
    const days = freshSeries('1d');
    const rows = [0, 1, 2].map((day) => ({ ...candle(day * DAY), daily: DAILY }));
    const covered = minutes(0, 3 * DAY);
    await keep(store(), { series: days, rows, covered, readAtMs: openOf(1) });
    await correct(inTimeframe(days, '1m'), 7);
    const known = await readAll(store(), days);
    expect(known.rows).toEqual([rows[2]]);
    expect(known.coverage.ranges).toEqual([minutes(2 * DAY, 3 * DAY)]);
  });

  it('keeps what the correcting page itself has shown, however early', async () => {
    const days = freshSeries('1d');
    const page = (close: string) => [
      { ...candle(0, close), daily: DAILY },
      { ...candle(DAY), daily: DAILY },
    ];
    const covered = minutes(0, 2 * DAY);
    const readAtMs = openOf(2 * DAY);
    await keep(store(), { series: days, rows: page('1.00000000'), covered, readAtMs });
    const shown = page(NEW);
    await keep(store(), { series: days, rows: shown, covered, readAtMs: readAtMs + 1 });
    expect((await readAll(store(), days)).rows).toEqual(shown.toReversed());
  });

  it.each(Timeframe.ALL.filter(({ code }) => !['1s', '1m'].includes(code)))(
    'finds what was folded from a minute into %s, directly or by way of others',
    async (timeframe) => {
      const series = freshSeries(timeframe.code);
      const openMs = timeframe.floor(openOf(7));
      const covered = { fromMs: openMs, untilMs: timeframe.closeOf(openMs) };
      await fold(series, [{ ...candle(0), openMs }], covered);
      await correct(inTimeframe(series, '1m'), 7);
      expect(await readAll(store(), series)).toMatchObject({ rows: [], coverage: Coverage.EMPTY });
    },
  );

  it('lets an hour take away days, and through them weeks, but no shorter candle', async () => {
    const hours = freshSeries('60m');
    const [minute5, day, week] = ['5m', '1d', '1w'].map((code) => inTimeframe(hours, code));
    await fold(minute5!, [candle(0)], minutes(0, 5));
    await fold(day!, [{ ...candle(0), daily: DAILY }], minutes(0, DAY));
    await fold(week!, [candle(0)], minutes(0, 7 * DAY));
    await correct(hours, 0);
    for (const gone of [day!, week!]) expect((await readAll(store(), gone)).rows).toEqual([]);
    expect((await readAll(store(), minute5!)).rows).toEqual([candle(0)]);
  });

  it('takes away the folded day after a corrected day, which tells the distance from it', async () => {
    const days = freshSeries('1d');
    const rows = [0, 1, 2].map((day) => ({ ...candle(day * DAY), daily: DAILY }));
    await keep(store(), { series: days, rows: rows.slice(0, 1), covered: minutes(0, DAY) });
    await fold(days, rows, minutes(0, 3 * DAY));
    const corrected = { ...candle(0, NEW), daily: DAILY };
    const saved = await keep(store(), {
      series: days,
      rows: [corrected],
      covered: minutes(0, DAY),
    });
    const known = await readAll(store(), days);
    expect(known.rows).toEqual([rows[2], corrected]);
    expect(known.coverage.ranges).toEqual([minutes(0, DAY), minutes(2 * DAY, 3 * DAY)]);
    expect(known.revision).toBe(saved.revision);
  });

  it('takes a fold away as well when a fold that it was made from is contradicted natively', async () => {
    const days = freshSeries('1d');
    const week = inTimeframe(days, '1w');
    await fold(days, [{ ...candle(0), daily: DAILY }], minutes(0, DAY));
    await fold(week, [candle(0)], minutes(0, 7 * DAY));
    const native = [{ ...candle(0, NEW), daily: DAILY }];
    await keep(store(), { series: days, rows: native, covered: minutes(0, DAY) });
    expect((await readAll(store(), week)).coverage.isEmpty).toBe(true);
    expect((await readAll(store(), days)).rows).toEqual(native);
  });
}
