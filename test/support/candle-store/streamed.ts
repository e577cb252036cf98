import type { CandleStore } from '@candlekeep/candle-cache';
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

const NEW = '2.00000000';

/** The life of minutes that the exchange's stream has shown: kept one by one, folded, looked at again with one native page. */
export function describeStreamed(store: () => CandleStore): void {
  const streamMinutes = async (count: number) => {
    const series = freshSeries();
    for (let minute = 0; minute < count; minute += 1) {
      const rows = minute === 2 ? [] : [candle(minute)];
      const covered = minutes(minute, minute + 1);
      await keep(store(), { series, rows, covered, provenance: 'stream' });
    }
    const longer = inTimeframe(series, '5m');
    const rows = [candle(0), candle(5)];
    await keep(store(), { series: longer, rows, covered: minutes(0, 10), provenance: 'fold' });
    return { series, longer };
  };

  it('names streamed minutes as doubts until one native page has shown them', async () => {
    const { series } = await streamMinutes(10);
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(0, 10)]);
    expect(await unverifiedRanges(store(), series, openOf(7))).toEqual([minutes(0, 7)]);
    const before = await readAll(store(), series);
    const rows = before.rows.toReversed();
    const saved = await keep(store(), { series, rows, covered: minutes(0, 10) });
    expect(saved).toEqual({ inserted: 0, corrections: [], revision: before.revision });
    expect(await unverifiedRanges(store(), series)).toEqual([]);
  });

  it('counts what the page shows otherwise, and takes away what was folded from that alone', async () => {
    const { series, longer } = await streamMinutes(10);
    const shown = [0, 1, 3, 4, 5, 6, 7, 8, 9].map((minute) =>
      candle(minute, minute === 7 ? NEW : undefined),
    );
    const saved = await keep(store(), { series, rows: shown, covered: minutes(0, 10) });
    const correction = { openMs: openOf(7), stored: candle(7), was: 'stream' };
    expect(saved).toMatchObject({ inserted: 0, corrections: [correction] });
    expect((await readAll(store(), series)).rows).toEqual(shown.toReversed());
    expect((await readAll(store(), longer)).coverage.ranges).toEqual([minutes(0, 5)]);
    expect(await unverifiedRanges(store(), series)).toEqual([]);
  });

  it('does the same for a streamed minute that was traded after all', async () => {
    const { series, longer } = await streamMinutes(10);
    const shown = Array.from({ length: 10 }, (_, minute) => candle(minute));
    const saved = await keep(store(), { series, rows: shown, covered: minutes(0, 10) });
    expect(saved.corrections).toEqual([{ openMs: openOf(2), was: 'stream' }]);
    expect((await readAll(store(), longer)).coverage.ranges).toEqual([minutes(5, 10)]);
  });

  it('lets a native page come first: what the stream says of its minutes later is not taken', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 2) });
    const late = { series, rows: [candle(0, NEW), candle(1, NEW)], covered: minutes(0, 2) };
    const saved = await keep(store(), { ...late, provenance: 'stream' });
    expect(saved).toMatchObject({ inserted: 0, corrections: [] });
    expect((await readAll(store(), series)).rows).toEqual([candle(0)]);
    expect(await unverifiedRanges(store(), series)).toEqual([]);
  });
}
