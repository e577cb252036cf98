import type { CandleStore } from '@candlekeep/candle-cache';
import { Coverage } from '@candlekeep/market';
import { candle, freshSeries, inTimeframe, keep, minutes, pageOf, readAll } from './pages';

const STALE = { code: 'STALE_BASIS', retryable: true };
const NEW = '2.00000000';

/** When a series' revision moves, and what a moved one refuses. */
export function describeRevisions(store: () => CandleStore): void {
  it('opens a series under a revision that is not 0, the same for all who open it', async () => {
    const series = freshSeries();
    const opened = await Promise.all([0, 1, 2].map(() => store().openRevision(series)));
    expect(new Set(opened).size).toBe(1);
    expect(opened[0]).toBeGreaterThan(0);
    expect((await readAll(store(), series)).revision).toBe(opened[0]);
  });

  it('keeps its revision while rows and ranges are added or confirmed', async () => {
    const series = freshSeries('5m');
    const revision = await store().openRevision(series);
    const drafts = [
      { rows: [candle(0)], covered: minutes(0, 5), provenance: 'fold' as const },
      { rows: [candle(0)], covered: minutes(0, 10) },
      { rows: [], covered: minutes(20, 30) },
      { rows: [candle(15)], covered: minutes(10, 20), provenance: 'stream' as const },
    ];
    for (const draft of drafts) {
      expect((await keep(store(), { series, ...draft })).revision).toBe(revision);
    }
    expect((await readAll(store(), series)).revision).toBe(revision);
  });

  it('raises the revision with each correction, of a row or of an empty slot', async () => {
    const series = freshSeries();
    let revision = (await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 2) }))
      .revision;
    for (const rows of [[candle(0, NEW)], [candle(0, NEW), candle(1)]]) {
      const saved = await keep(store(), { series, rows, covered: minutes(0, 2) });
      expect(saved.revision).toBeGreaterThan(revision);
      revision = saved.revision;
      expect((await readAll(store(), series)).revision).toBe(revision);
    }
  });

  it('refuses a page that was read before a row was corrected', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 1) });
    const draft = { series, rows: [candle(5)], covered: minutes(5, 6) };
    const late = await pageOf(store(), draft);
    await keep(store(), { series, rows: [candle(0, NEW)], covered: minutes(0, 1) });
    await expect(store().save(late)).rejects.toMatchObject(STALE);
    expect((await readAll(store(), series)).coverage.ranges).toEqual([minutes(0, 1)]);
    expect(await keep(store(), draft)).toMatchObject({ inserted: 1 });
  });

  it('refuses a fold whose source was corrected meanwhile', async () => {
    const series = freshSeries('5m');
    const source = inTimeframe(series, '1m');
    await keep(store(), { series: source, rows: [candle(0)], covered: minutes(0, 5) });
    const rows = [candle(0)];
    const folded = await pageOf(store(), {
      series,
      rows,
      covered: minutes(0, 5),
      provenance: 'fold',
    });
    await keep(store(), { series: source, rows: [candle(0, NEW)], covered: minutes(0, 5) });
    await expect(store().save(folded)).rejects.toMatchObject(STALE);
    expect((await readAll(store(), series)).rows).toEqual([]);
  });

  it('refuses a page of a series that was never opened, as after a loss of the database', async () => {
    const series = freshSeries();
    const basis = [{ timeframe: series.timeframe, revision: 1_700_000_000_000 }];
    const saving = keep(store(), { series, rows: [], covered: minutes(0, 1), basis });
    await expect(saving).rejects.toMatchObject(STALE);
  });

  describePurge(store);
}

function describePurge(store: () => CandleStore): void {
  it('forgets a whole market, raises all of its revisions, and touches no other market', async () => {
    const series = freshSeries();
    const days = inTimeframe(series, '1d');
    const other = freshSeries();
    const page = { rows: [candle(0)], covered: minutes(0, 1_440) };
    const before = await keep(store(), { series, ...page });
    await keep(store(), { series: days, ...page });
    await keep(store(), { series: other, ...page });
    const purged = await store().purge(series.market);
    const revision = await store().openRevision(series);
    expect(purged.map(({ series: { timeframe }, rows }) => [timeframe.code, rows])).toEqual([
      ['1m', 1],
      ['1d', 1],
    ]);
    expect(purged[0]).toEqual({ series, rows: 1, revision });
    expect(revision).toBeGreaterThan(before.revision);
    for (const gone of [series, days]) {
      const known = await readAll(store(), gone);
      expect(known).toMatchObject({ rows: [], coverage: Coverage.EMPTY });
    }
    const left = await store().readCoverages(series.market);
    expect(left.get('1m')).toEqual({ coverage: Coverage.EMPTY, revision });
    expect([...left.values()].filter(({ coverage }) => !coverage.isEmpty)).toEqual([]);
    expect((await readAll(store(), other)).rows).toEqual([candle(0)]);
  });

  it('refuses pages that were read or folded before the market was purged', async () => {
    const series = freshSeries('5m');
    const source = inTimeframe(series, '1m');
    await keep(store(), { series: source, rows: [candle(0)], covered: minutes(0, 5) });
    const page = { rows: [candle(0)], covered: minutes(0, 5) };
    const late = [
      await pageOf(store(), { series: source, ...page }),
      await pageOf(store(), { series, ...page }),
      await pageOf(store(), { series, ...page, provenance: 'fold' }),
    ];
    await store().purge(series.market);
    for (const one of late) await expect(store().save(one)).rejects.toMatchObject(STALE);
    expect((await readAll(store(), source)).rows).toEqual([]);
    expect(await keep(store(), { series, ...page })).toMatchObject({ inserted: 1 });
  });

  it('purges a market of which nothing is known', async () => {
    expect(await store().purge(freshSeries().market)).toEqual([]);
  });
}
