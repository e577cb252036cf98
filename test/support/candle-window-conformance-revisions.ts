import type { CandleWindow } from '@candlekeep/candle-cache';
import { Coverage, type Series, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import {
  headAt,
  minute,
  ONE_MINUTE_ROWS,
  page,
  saved,
  sightOf,
  type WindowSubject,
} from './candle-window-subject';
import { freshMarket } from './redis';

/** What every form of L1 does with the store's revisions. */
export function describeWindowRevisions(subject: () => WindowSubject): void {
  let window: CandleWindow;
  let series: Series;
  const span = (from: number, until: number) => page(series, from, until);
  const coverage = async () => (await sightOf(window, { series })).coverage.ranges;

  beforeEach(() => {
    window = subject().open();
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
  });

  it('takes nothing of a page that was saved under an older revision than the window has seen', async () => {
    await window.put(span(5, 9), saved(7));
    await window.put(span(0, 20), saved(6));
    const { covered, finals: rows } = span(20, 30);
    await window.fill({ series, covered, rows }, 6);
    expect(await coverage()).toEqual([span(5, 9).covered]);
  });

  it('lets rows of a newer revision take all older ones away, however they come', async () => {
    const { covered, finals: rows } = span(20, 30);
    await window.put(span(0, 9), saved(6));
    await window.fill({ series, covered, rows }, 7);
    expect(await coverage()).toEqual([covered]);
    await window.put(span(3, 5), saved(8));
    expect(await coverage()).toEqual([span(3, 5).covered]);
    expect((await sightOf(window, { series })).rows).toHaveLength(2);
  });

  it('keeps what it has when it is told a revision that it knows, or an older one', async () => {
    await window.put(span(0, 9), saved(6));
    await window.expectRevision(series, 6);
    await window.expectRevision(series, 5);
    expect(await coverage()).toEqual([span(0, 9).covered]);
  });

  it('is emptied by word of a newer revision, and takes no late page of an older one', async () => {
    await window.put({ ...span(0, 9), ...headOnly(9) }, { ...saved(6), seenAtMs: 5 });
    await window.expectRevision(series, 7);
    await window.put(span(0, 9), saved(6));
    const sight = await sightOf(window, { series });
    expect(sight.coverage).toBe(Coverage.EMPTY);
    expect(sight.rows).toEqual([]);
    expect(sight.head?.fromMs).toBe(minute(9));
  });

  it('remembers a revision of a series that it never had', async () => {
    await window.expectRevision(series, 7);
    await window.put(span(0, 9), saved(6));
    expect(await coverage()).toEqual([]);
  });

  it('judges the head of an old page by its own sight', async () => {
    await window.put(span(0, 5), saved(7));
    await window.put({ ...span(0, 9), ...headOnly(9) }, { ...saved(6), seenAtMs: 5 });
    const sight = await sightOf(window, { series });
    expect(sight.head?.fromMs).toBe(minute(9));
    expect(sight.coverage.ranges).toEqual([span(0, 5).covered]);
  });

  it('takes a head that came without finals, and no finals that were not saved', async () => {
    await window.put(headAt(series, 3), { seenAtMs: 5, provenance: 'native' });
    await window.put(span(0, 9), { seenAtMs: 6, provenance: 'native' });
    const sight = await sightOf(window, { series });
    expect(sight.head?.fromMs).toBe(minute(3));
    expect(sight.coverage.isEmpty).toBe(true);
  });

  it('never shows a row of an older revision beside one of a newer, in any order of arrival', async () => {
    const event = fc.record({
      revision: fc.integer({ min: 1, max: 4 }),
      from: fc.nat(30),
      length: fc.nat(20),
      way: fc.constantFrom('put' as const, 'fill' as const, 'word' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
        series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
        for (const { revision, from, length, way } of events) {
          const { covered, finals } = span(from, from + length);
          const rows = finals.map((row) => ({ ...row, volume: `${revision}.00000000` }));
          if (way === 'word') await window.expectRevision(series, revision);
          else if (way === 'fill') await window.fill({ series, covered, rows }, revision);
          else await window.put({ ...span(from, from + length), finals: rows }, saved(revision));
        }
        const newest = Math.max(...events.map(({ revision }) => revision));
        const heard = events.filter(({ revision, way }) => revision === newest && way !== 'word');
        const sight = await sightOf(window, { series, limit: 1_000 });
        const spans = heard.map(({ from, length }) => span(from, from + length).covered);
        expect(sight.coverage).toEqual(Coverage.of(spans));
        expect(sight.rows.every(({ volume }) => volume === `${newest}.00000000`)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
}

function headOnly(index: number) {
  return { head: { fromMs: minute(index), rows: [ONE_MINUTE_ROWS[index]!] } };
}
