import type { CandleStore } from '@candlekeep/candle-cache';
import { type Candle, Coverage, InvalidValue } from '@candlekeep/market';
import {
  candle,
  EVERYTHING,
  fillMinutes,
  freshSeries,
  inTimeframe,
  keep,
  minutes,
  openOf,
  readAll,
} from './pages';

/** What reads promise. */
export function describeReading(store: () => CandleStore): void {
  it('knows nothing of a series that was never written', async () => {
    const known = await readAll(store(), freshSeries());
    expect(known).toEqual({ rows: [], coverage: Coverage.EMPTY, revision: 0 });
  });

  it('reads the newest rows first, without the one that opens at the end', async () => {
    const series = freshSeries();
    const rows = [0, 1, 2, 3, 4].map((minute) => candle(minute));
    await keep(store(), { series, rows, covered: minutes(0, 5) });
    const known = await store().read(series, { beforeMs: openOf(4), limit: 3 });
    expect(known.rows).toEqual([candle(3), candle(2), candle(1)]);
  });

  it('reads nothing that opens before the first instant that is wanted', async () => {
    const series = freshSeries();
    const rows = [0, 1, 2, 3].map((minute) => candle(minute));
    await keep(store(), { series, rows, covered: minutes(0, 5) });
    const known = await store().read(series, { ...EVERYTHING, fromMs: openOf(2) });
    expect(known.rows).toEqual([candle(3), candle(2)]);
    expect(known.coverage.ranges).toEqual([minutes(0, 5)]);
  });

  it('reads the coverage of the whole series, whatever rows were asked for', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(1)], covered: minutes(0, 5) });
    await keep(store(), { series, rows: [], covered: minutes(8, 9) });
    const known = await store().read(series, { beforeMs: openOf(0), limit: 0 });
    expect(known.rows).toEqual([]);
    expect(known.coverage.ranges).toEqual([minutes(0, 5), minutes(8, 9)]);
  });

  it('keeps markets and timeframes apart', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 1) });
    for (const other of [inTimeframe(series, '3m'), freshSeries()]) {
      const known = await readAll(store(), other);
      expect(known).toEqual({ rows: [], coverage: Coverage.EMPTY, revision: 0 });
    }
  });

  it('reads what is covered of a market, and nothing of what was only opened', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 3) });
    await keep(store(), {
      series: inTimeframe(series, '1d'),
      rows: [],
      covered: minutes(0, 1_440),
    });
    await store().openRevision(inTimeframe(series, '60m'));
    const coverages = await store().readCoverages(series.market);
    expect([...coverages.keys()].sort()).toEqual(['1d', '1m', '60m']);
    expect(coverages.get('60m')).toEqual({
      coverage: Coverage.EMPTY,
      revision: await store().openRevision(inTimeframe(series, '60m')),
    });
    expect(coverages.get('1m')?.coverage.ranges).toEqual([minutes(0, 3)]);
    expect(coverages.get('1m')?.revision).toBe(await store().openRevision(series));
  });

  it.each([-1, 0.5, NaN])('refuses to read %p rows', async (limit) => {
    const reading = store().read(freshSeries(), { ...EVERYTHING, limit });
    await expect(reading).rejects.toThrow(InvalidValue);
  });

  describeStream(store);
}

function describeStream(store: () => CandleStore): void {
  it('streams the rows of a range, oldest first, however many portions they need', async () => {
    const series = freshSeries();
    const all = await fillMinutes(store(), series, 6_000);
    const portions: (readonly Candle[])[] = [];
    for await (const rows of store().stream(series, minutes(1, 5_999))) portions.push(rows);
    expect(portions.length).toBeGreaterThan(1);
    expect(portions.flat()).toEqual(all.slice(1, -1));
  });

  it('streams nothing of a range without rows', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(5)], covered: minutes(0, 9) });
    for (const range of [minutes(0, 5), minutes(6, 9), minutes(5, 5), minutes(7, 2)]) {
      for await (const rows of store().stream(series, range)) expect(rows).toEqual([]);
    }
  });

  it('ends a stream when its reader has had enough', async () => {
    const series = freshSeries();
    await fillMinutes(store(), series, 6_000);
    for await (const rows of store().stream(series, minutes(0, 6_000))) {
      expect(rows[0]).toEqual(candle(0));
      break;
    }
    expect((await store().read(series, { ...EVERYTHING, limit: 1 })).rows).toHaveLength(1);
  });
}
