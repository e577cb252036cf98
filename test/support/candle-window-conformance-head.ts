import type { CandleWindow } from '@candlekeep/candle-cache';
import { type Provenance, type Series, Timeframe } from '@candlekeep/market';
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

/** What every form of L1 does with the rows that may still change. */
export function describeWindowHead(subject: () => WindowSubject): void {
  const nowMs = minute(1_000);
  let window: CandleWindow;
  let series: Series;
  const head = async () => (await sightOf(window, { series })).head;
  const see = async (index: number, seenAtMs: number, provenance: Provenance = 'native') => {
    await window.put(headAt(series, index), { seenAtMs, provenance });
  };

  beforeEach(async () => {
    window = subject().open();
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await subject().moveTo(nowMs);
  });

  it('tells the cache server’s time', async () => {
    await subject().moveTo(nowMs + 86_400_123);
    expect((await sightOf(window, { series })).nowMs).toBe(nowMs + 86_400_123);
    await subject().moveTo(nowMs - 5);
    expect((await sightOf(window, { series })).nowMs).toBe(nowMs - 5);
  });

  it.each(['native', 'fold', 'stream'] as const)(
    'holds what was seen, when and how (%s)',
    async (provenance) => {
      await see(5, nowMs - 700, provenance);
      const rows = [ONE_MINUTE_ROWS[5]];
      expect(await head()).toEqual({ fromMs: minute(5), seenAtMs: nowMs - 700, rows, provenance });
    },
  );

  it('holds that nothing was seen', async () => {
    const evidence = { ...page(series, 0, 0), head: { fromMs: 0, rows: [] } };
    await window.put(evidence, { seenAtMs: nowMs, provenance: 'native' });
    expect(await head()).toEqual({ fromMs: 0, seenAtMs: nowMs, rows: [], provenance: 'native' });
  });

  it('is not turned back by a sight that is older but arrives later', async () => {
    await see(6, nowMs - 100);
    await see(5, nowMs - 900, 'stream');
    expect(await head()).toMatchObject({ fromMs: minute(6), provenance: 'native' });
  });

  it('is dropped when finals reach past it without bringing a new one', async () => {
    await see(5, nowMs);
    await window.put(page(series, 0, 5), saved());
    expect(await head()).toBeDefined();
    await window.put(page(series, 0, 6), saved());
    expect(await head()).toBeUndefined();
  });

  it('stays when finals that reach past it are too old to be taken', async () => {
    await window.expectRevision(series, 2);
    await see(5, nowMs);
    await window.put(page(series, 0, 6), saved(1));
    expect(await head()).toBeDefined();
  });

  it('is replaced when it comes from a clock that runs ahead', async () => {
    await see(6, nowMs + 3_600_000);
    await see(7, nowMs - 5);
    expect((await head())?.fromMs).toBe(minute(7));
  });
}
