import type { CandleStore, ProvenPage, SavedPage } from '@candlekeep/candle-cache';
import {
  type Candle,
  foldSourcesOf,
  parseMarketCode,
  type Series,
  Timeframe,
  type TimeRange,
} from '@candlekeep/market';

const MINUTE_MS = 60_000;
/** A Monday, so that all timeframes but months and years have an open here. */
export const START_MS = Date.UTC(2025, 8, 1);
export const EVERYTHING = { beforeMs: Date.UTC(2100, 0), limit: 10_000 };
/** Long after every candle of the tests has closed. */
export const LATE_MS = Date.UTC(2026, 0);

let marketCount = 0;

/** A series of a market that no other test of the file has touched. */
export function freshSeries(timeframe = '1m'): Series {
  marketCount += 1;
  return {
    market: parseMarketCode(`KRW-T${marketCount}`),
    timeframe: Timeframe.parse(timeframe),
  };
}

/** The same market in another timeframe. */
export function inTimeframe({ market }: Series, timeframe: string): Series {
  return { market, timeframe: Timeframe.parse(timeframe) };
}

/** Open of the `minute`-th one-minute slot of the tests. */
export function openOf(minute: number): number {
  return START_MS + minute * MINUTE_MS;
}

/** The minutes from `first` up to and without `until`. */
export function minutes(first: number, until: number): TimeRange {
  return { fromMs: openOf(first), untilMs: openOf(until) };
}

/** A candle that opens at a minute of the tests, and whose close tells candles apart. */
export function candle(minute: number, close = '103460000.00000000'): Candle {
  return {
    openMs: openOf(minute),
    open: '103600000.00000000',
    high: '103600000.00000000',
    low: '103425000.00000000',
    close,
    timestampMs: openOf(minute) + 59_132,
    turnover: '164899503.14206000',
    volume: '1.59335120',
  };
}

/** A page of which only what matters to a test is named: native and read late unless it says otherwise. */
export type PageDraft = Pick<ProvenPage, 'series' | 'rows' | 'covered'> & Partial<ProvenPage>;

/** The page with the revisions of now as its basis. */
export async function pageOf(store: CandleStore, draft: PageDraft): Promise<ProvenPage> {
  const { series, provenance = 'native' } = draft;
  const sources = provenance === 'fold' ? foldSourcesOf(series.timeframe) : [];
  const basis: ProvenPage['basis'][number][] = [];
  for (const timeframe of [series.timeframe, ...sources]) {
    const revision = await store.openRevision({ ...series, timeframe });
    basis.push({ timeframe, revision });
  }
  return { provenance, readAtMs: LATE_MS, basis, ...draft };
}

/** Saves a page that was made from what is stored now. */
export async function keep(store: CandleStore, draft: PageDraft): Promise<SavedPage> {
  return store.save(await pageOf(store, draft));
}

/** Fills the first `count` minutes of the tests, 200 to a page as the exchange does; returns them, oldest first. */
export async function fillMinutes(
  store: CandleStore,
  series: Series,
  count: number,
): Promise<Candle[]> {
  const all = Array.from({ length: count }, (_, minute) => candle(minute));
  for (let first = 0; first < count; first += 200) {
    const rows = all.slice(first, first + 200);
    await keep(store, { series, rows, covered: minutes(first, first + rows.length) });
  }
  return all;
}

/** Everything that is stored of a series. */
export function readAll(store: CandleStore, series: Series): ReturnType<CandleStore['read']> {
  return store.read(series, EVERYTHING);
}

/** The ranges of which the store has doubts, whatever their age. */
export async function unverifiedRanges(
  store: CandleStore,
  series: Series,
  beforeMs = EVERYTHING.beforeMs,
): Promise<readonly TimeRange[]> {
  const found = await store.findUnverified({ beforeMs, limit: 10_000 });
  const own = found.find(
    ({ series: { market, timeframe } }) =>
      market === series.market && timeframe === series.timeframe,
  );
  return own?.ranges.ranges ?? [];
}
