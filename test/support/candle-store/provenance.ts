import type { CandleStore, UnverifiedStretch } from '@candlekeep/candle-cache';
import { SECONDS_KEPT_MS, VERIFIED_AFTER_MS } from '@candlekeep/candle-store';
import {
  candle,
  freshSeries,
  inTimeframe,
  keep,
  LATE_MS,
  minutes,
  openOf,
  pageOf,
  readAll,
  unverifiedRanges,
} from './pages';

const [OLD, NEW, OTHER] = ['1.00000000', '2.00000000', '3.00000000'] as const;

/** Who may replace whom. */
export function describeProvenance(store: () => CandleStore): void {
  it('lets a newer native read of a final row win, and tells what was stored', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0), candle(1)], covered: minutes(0, 2) });
    const late = { ...candle(1), timestampMs: openOf(1) + 61_900, volume: '1.59335121' };
    const rows = [candle(0), late, candle(2)];
    const saved = await keep(store(), { series, rows, covered: minutes(0, 3) });
    const correction = { openMs: openOf(1), stored: candle(1), was: 'native' };
    expect(saved).toMatchObject({ inserted: 1, corrections: [correction] });
    expect((await readAll(store(), series)).rows).toEqual(rows.toReversed());
  });

  it.each(['native', 'fold', 'stream'] as const)(
    'calls a row in a slot that a %s page held to be empty a correction',
    async (was) => {
      const series = freshSeries('5m');
      const covered = minutes(0, 10);
      await keep(store(), { series, rows: [candle(0)], covered, provenance: was });
      const saved = await keep(store(), { series, rows: [candle(0), candle(5)], covered });
      expect(saved).toMatchObject({ inserted: 0, corrections: [{ openMs: openOf(5), was }] });
      expect(saved.corrections[0]).not.toHaveProperty('stored');
    },
  );

  it.each(['fold', 'stream'] as const)(
    'replaces a %s row by a native one that differs, whenever that was read',
    async (was) => {
      const series = freshSeries('5m');
      const covered = minutes(0, 5);
      await keep(store(), { series, rows: [candle(0, OLD)], covered, provenance: was });
      const readAtMs = openOf(6);
      const saved = await keep(store(), { series, rows: [candle(0, NEW)], covered, readAtMs });
      const correction = { openMs: openOf(0), stored: candle(0, OLD), was };
      expect(saved.corrections).toEqual([correction]);
      expect((await readAll(store(), series)).rows).toEqual([candle(0, NEW)]);
    },
  );

  it.each(['fold', 'stream'] as const)(
    'makes a %s row native in silence when the exchange shows the same',
    async (was) => {
      const series = freshSeries('5m');
      const page = { series, rows: [candle(0)], covered: minutes(0, 5) };
      const { revision } = await keep(store(), { ...page, provenance: was });
      expect(await keep(store(), page)).toEqual({ inserted: 0, corrections: [], revision });
      const differing = await keep(store(), { ...page, rows: [candle(0, NEW)] });
      expect(differing.corrections).toMatchObject([{ was: 'native' }]);
    },
  );

  it.each(['fold', 'stream'] as const)('lets a %s page add only what is unknown', async (late) => {
    const series = freshSeries('5m');
    await keep(store(), { series, rows: [candle(5, OLD)], covered: minutes(5, 15) });
    const rows = [0, 5, 10, 15].map((minute) => candle(minute, OTHER));
    const draft = { series, rows, covered: minutes(0, 20), provenance: late };
    expect(await keep(store(), draft)).toMatchObject({ inserted: 2, corrections: [] });
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([candle(15, OTHER), candle(5, OLD), candle(0, OTHER)]);
    expect(known.coverage.ranges).toEqual([minutes(0, 20)]);
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(0, 5), minutes(15, 20)]);
  });

  it('keeps a stored row that a native page lacks, with the doubt about it', async () => {
    const series = freshSeries('5m');
    const covered = minutes(0, 15);
    await keep(store(), { series, rows: [candle(5)], covered, provenance: 'fold' });
    const saved = await keep(store(), { series, rows: [candle(0)], covered });
    expect(saved.corrections).toMatchObject([{ openMs: openOf(0), was: 'fold' }]);
    expect((await readAll(store(), series)).rows).toEqual([candle(5), candle(0)]);
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(5, 10)]);
  });

  describeReadingOrder(store);
  describeVerification(store);
}

function describeReadingOrder(store: () => CandleStore): void {
  it('refuses a native page that was read before the stored row from which it differs', async () => {
    const series = freshSeries();
    const covered = minutes(0, 2);
    const late = await pageOf(store(), {
      series,
      rows: [candle(0, OLD), candle(1)],
      covered,
      readAtMs: LATE_MS - 1,
    });
    await keep(store(), { series, rows: [candle(0, NEW)], covered: minutes(0, 1) });
    await expect(store().save(late)).rejects.toMatchObject({
      code: 'STALE_BASIS',
      retryable: true,
    });
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([candle(0, NEW)]);
    expect(known.coverage.ranges).toEqual([minutes(0, 1)]);
  });

  it('takes a page whose stamp is more than a minute older: the clock was set back since', async () => {
    const series = freshSeries();
    const covered = minutes(0, 1);
    await keep(store(), { series, rows: [candle(0, OLD)], covered });
    const draft = { series, rows: [candle(0, NEW)], covered };
    const overtaken = keep(store(), { ...draft, readAtMs: LATE_MS - 60_000 });
    await expect(overtaken).rejects.toMatchObject({ code: 'STALE_BASIS' });
    const saved = await keep(store(), { ...draft, readAtMs: LATE_MS - 60_001 });
    expect(saved.corrections).toMatchObject([{ openMs: openOf(0), was: 'native' }]);
    expect((await readAll(store(), series)).rows).toEqual(draft.rows);
  });

  it('takes a page that was read earlier and shows the same', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(1)], covered: minutes(1, 2) });
    const readAtMs = LATE_MS - 1;
    const rows = [candle(0), candle(1)];
    const saved = await keep(store(), { series, rows, covered: minutes(0, 2), readAtMs });
    expect(saved).toMatchObject({ inserted: 1, corrections: [] });
  });
}

function describeVerification(store: () => CandleStore): void {
  it('calls verified what was read ten minutes after its close, and not a moment sooner', async () => {
    const series = freshSeries();
    const covered = minutes(0, 3);
    const readAtMs = openOf(2) + VERIFIED_AFTER_MS;
    await keep(store(), { series, rows: [candle(0), candle(2)], covered, readAtMs: readAtMs - 1 });
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(1, 3)]);
    await keep(store(), { series, rows: [candle(0), candle(2)], covered, readAtMs });
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(2, 3)]);
  });

  it('keeps the doubts about rows that a page since the beginning lacks, and no others', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [candle(0)], covered: minutes(0, 2) });
    const early = { series, rows: [candle(3), candle(5)], covered: minutes(2, 7) };
    await keep(store(), { ...early, readAtMs: openOf(7) });
    const page = { series, rows: [candle(8)], covered: { fromMs: 0, untilMs: openOf(9) } };
    await keep(store(), page);
    const known = await readAll(store(), series);
    expect(known.rows).toEqual([candle(8), candle(5), candle(3), candle(0)]);
    expect(known.coverage.ranges).toEqual([page.covered]);
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(3, 4), minutes(5, 6)]);
  });

  it('calls no second verified that the exchange has forgotten, and names no doubt that nobody can settle', async () => {
    const series = freshSeries('1s');
    const readAtMs = openOf(0) + SECONDS_KEPT_MS;
    const page = { series, rows: [candle(3)], covered: { fromMs: 0, untilMs: openOf(10) } };
    await keep(store(), { ...page, readAtMs });
    expect((await readAll(store(), series)).coverage.ranges).toEqual([page.covered]);
    const longAgo = openOf(0) + 3_600_000;
    // Cut to what can be looked up for a day more.
    const fromMs = longAgo + 24 * 3_600_000 - SECONDS_KEPT_MS;
    const doubt = [{ fromMs, untilMs: openOf(0) }];
    expect(await unverifiedRanges(store(), series, longAgo)).toEqual(doubt);
    expect(await unverifiedRanges(store(), series, readAtMs)).toEqual([]);
  });

  it('doubts a slot again when a read too soon after its close contradicts what was verified', async () => {
    const series = freshSeries();
    await keep(store(), { series, rows: [], covered: minutes(0, 3) });
    const readAtMs = openOf(4);
    await keep(store(), { series, rows: [candle(1)], covered: minutes(0, 3), readAtMs });
    expect(await unverifiedRanges(store(), series)).toEqual([minutes(1, 2)]);
  });

  it('names doubts about slots that closed by then, cut to whole slots, the oldest first', async () => {
    const [young, old] = [freshSeries('5m'), freshSeries('5m')];
    for (const [series, first] of [[young, 10] as const, [old, 5] as const]) {
      const covered = minutes(first, 20);
      await keep(store(), { series, rows: [], covered, provenance: 'fold' });
    }
    const beforeMs = openOf(17);
    const found = await store().findUnverified({ beforeMs, limit: 10_000 });
    const own = found.filter(({ series: { market } }) =>
      [young.market, old.market].includes(market),
    );
    expect(own.map(({ series, ranges }) => [series, ranges.ranges])).toEqual([
      [old, [minutes(5, 15)]],
      [young, [minutes(10, 15)]],
    ]);
    expect(await unverifiedRanges(store(), old, openOf(9))).toEqual([]);
  });

  it('goes on behind the last stretch of an earlier answer, also where stretches begin together', async () => {
    const market = freshSeries();
    const codes = ['1m', '3m', '5m', '10m', '15m'];
    for (const code of codes) {
      const series = inTimeframe(market, code);
      await keep(store(), { series, rows: [], covered: minutes(0, 30), provenance: 'stream' });
    }
    const all = await store().findUnverified({ beforeMs: LATE_MS, limit: 10_000 });
    const inPortions: UnverifiedStretch[] = all.slice(0, 1);
    while (inPortions.length < all.length) {
      const after = inPortions.at(-1)!;
      const portion = await store().findUnverified({ beforeMs: LATE_MS, limit: 2, after });
      inPortions.push(...portion);
      if (portion.length < 2) break;
    }
    expect(inPortions).toEqual(all);
    const own = all.filter(({ series }) => series.market === market.market);
    expect(own.map(({ series }) => series.timeframe.code).sort()).toEqual(codes.toSorted());
    const asked = { beforeMs: LATE_MS, limit: 10_000, market: market.market };
    expect(await store().findUnverified(asked)).toEqual(own);
  });

  it('names at most as many series as were asked for', async () => {
    for (const series of [freshSeries(), freshSeries()]) {
      await keep(store(), { series, rows: [], covered: minutes(0, 1), provenance: 'stream' });
    }
    const found = await store().findUnverified({ beforeMs: LATE_MS, limit: 1 });
    expect(found).toHaveLength(1);
  });
}
