import type { CandleStore } from '@candlekeep/candle-cache';
import { type Candle, Coverage, InvalidValue, Timeframe } from '@candlekeep/market';
import { candle, freshSeries, keep, minutes, openOf, pageOf, readAll } from './pages';

/** What any save promises, whatever its provenance. */
export function describeSaving(store: () => CandleStore): void {
  it('returns every digit that it was given', async () => {
    const series = freshSeries('1d');
    const day: Candle = {
      ...candle(0, '0.00000001'),
      turnover: '17343033068679.96786000',
      volume: '999999999999999999999999999999.99999999',
      daily: {
        previousClose: '51704000.00000000',
        change: '-239000.00000000',
        changeRate: '-0.0046224663',
      },
    };
    await keep(store(), { series, rows: [day], covered: minutes(0, 1_440) });
    expect((await readAll(store(), series)).rows).toEqual([day]);
  });

  it.each(['native', 'fold', 'stream'] as const)(
    'changes nothing when the same %s page comes again',
    async (provenance) => {
      const series = freshSeries('5m');
      const rows = [candle(0), candle(10)];
      const page = await pageOf(store(), { series, rows, covered: minutes(0, 15), provenance });
      const { inserted, corrections, revision } = await store().save(page);
      expect({ inserted, corrections }).toEqual({ inserted: 2, corrections: [] });
      const before = await readAll(store(), series);
      expect(await store().save(page)).toEqual({ inserted: 0, corrections: [], revision });
      expect(await readAll(store(), series)).toEqual(before);
    },
  );

  it('takes another way to write the same amount for the same amount', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0, '0.00006968')], covered: minutes(0, 1) });
    const again = { series, rows: [candle(0, '6.968e-05')], covered: minutes(0, 1) };
    expect(await keep(store(), again)).toMatchObject({ inserted: 0, corrections: [] });
  });

  it('remembers that a stretch was asked for and empty', async () => {
    const series = freshSeries();
    const saved = await keep(store(), { series, rows: [], covered: minutes(5, 205) });
    expect(saved).toMatchObject({ inserted: 0, corrections: [] });
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([]);
    expect(known.coverage.ranges).toEqual([minutes(5, 205)]);
  });

  it('joins ranges that touch and leaves holes open, back to the beginning of time', async () => {
    const series = freshSeries();
    const sinceEver = { fromMs: 0, untilMs: openOf(0) };
    for (const covered of [minutes(2, 3), minutes(6, 9), minutes(1, 2), sinceEver]) {
      await keep(store(), { series, rows: [], covered });
    }
    const { coverage } = await readAll(store(), series);
    expect(coverage.ranges).toEqual([sinceEver, minutes(1, 3), minutes(6, 9)]);
  });

  it('stores calendar timeframes at their own opens', async () => {
    const series = freshSeries('1M');
    const opens = [Date.UTC(2024, 0), Date.UTC(2024, 1), Date.UTC(2024, 2)];
    const rows = opens.map((openMs) => ({ ...candle(0), openMs }));
    const covered = { fromMs: Date.UTC(2024, 0), untilMs: Date.UTC(2024, 3) };
    await keep(store(), { series, rows, covered });
    expect((await readAll(store(), series)).rows).toEqual(rows.toReversed());
  });
}

/** Pages that no store may take. */
export function describeRefusals(store: () => CandleStore): void {
  const good = [candle(1), candle(2)];
  const offGrid = { ...candle(1), openMs: openOf(1) + 1_000 };

  it.each([
    ['a row before the covered range', [candle(0), candle(1)], minutes(1, 3)],
    ['a row at the end of the covered range', good, minutes(1, 2)],
    ['a covered range without an instant', [], minutes(3, 3)],
    ['a covered range that runs backwards', [], minutes(3, 2)],
    ['a covered range that is no range', [], { fromMs: NaN, untilMs: openOf(3) }],
    ['a row that does not open a candle', [offGrid], minutes(1, 3)],
    ['a row that comes twice', [candle(1), candle(1)], minutes(1, 3)],
    ['rows newest first', good.toReversed(), minutes(1, 3)],
    ['an amount with a ninth fraction digit', [candle(1), candle(2, '0.000000001')], minutes(1, 3)],
    ['an amount that is no number', [candle(1), candle(2, 'NaN')], minutes(1, 3)],
  ])('refuses %s and stores nothing of the page', async (_case, rows, covered) => {
    const series = freshSeries();
    await expect(keep(store(), { series, rows, covered })).rejects.toThrow(InvalidValue);
    expect(await readAll(store(), series)).toMatchObject({ rows: [], coverage: Coverage.EMPTY });
  });

  it.each([
    ['a page without its own revision', '5m', 'native', []],
    ['a native page that was made from another series', '5m', 'native', ['5m', '1m']],
    ['a fold without a source', '5m', 'fold', ['5m']],
    ['a fold from what does not fold into it', '5m', 'fold', ['5m', '3m']],
    ['a fold of single minutes', '1m', 'fold', ['1m', '1s']],
  ] as const)('refuses %s', async (_case, timeframe, provenance, basis) => {
    const series = freshSeries(timeframe);
    const named = basis.map((code) => ({ timeframe: Timeframe.parse(code), revision: 1 }));
    const draft = { series, rows: [], covered: minutes(0, 5), provenance, basis: named };
    await expect(keep(store(), draft)).rejects.toThrow(InvalidValue);
  });
}
