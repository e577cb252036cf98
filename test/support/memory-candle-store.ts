import {
  CandleStore,
  type Correction,
  type ProvenPage,
  type PurgedSeries,
  type SavedPage,
  type StoredCandles,
  type StoredCoverage,
  type StoreQuery,
  type UnverifiedQuery,
  type UnverifiedStretch,
} from '@candlekeep/candle-cache';
import {
  Deposed,
  doubtBefore,
  doubtRange,
  mergePage,
  movedBasis,
  outdatedPage,
  rangeOfRows,
  savablePage,
  type SeriesKnowledge,
  slotsInDoubt,
  slotsOf,
  type StoredKnowledge,
  type StoredStretch,
  withoutDoubtful,
} from '@candlekeep/candle-store';
import { SystemClock } from '@candlekeep/clock';
import {
  type Candle,
  InvalidValue,
  type MarketCode,
  type Series,
  Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import { MemorySeries } from './memory-series';

/** Rows of a portion of `stream`; few, so that tests see more than one portion. */
const PORTION_ROWS = 500;

/** L2 in maps, for tests that need a store and no Postgres. Passes the same conformance suite as the real one. */
export class MemoryCandleStore extends CandleStore {
  private readonly markets = new Map<MarketCode, Map<Timeframe, MemorySeries>>();
  /** The largest token kept, by name. */
  private readonly tokens = new Map<string, number>();

  /** `clock` gives the stamps of revisions. */
  constructor(private readonly clock: { nowMs(): number } = new SystemClock()) {
    super();
  }

  override async read(series: Series, query: StoreQuery): Promise<StoredCandles> {
    const { beforeMs, limit, fromMs = 0 } = query;
    if (!Number.isSafeInteger(limit) || limit < 0) {
      throw new InvalidValue(`${limit} is not a number of candles`);
    }
    const stored = this.find(series) ?? new MemorySeries(0);
    const rows = stored.newest({ fromMs, untilMs: beforeMs }, limit);
    return Promise.resolve({ rows, coverage: stored.known.ranges, revision: stored.revision });
  }

  override readCoverages(market: MarketCode): Promise<ReadonlyMap<string, StoredCoverage>> {
    const coverages = new Map<string, StoredCoverage>();
    for (const [{ code }, { known, revision }] of this.seriesOf(market)) {
      coverages.set(code, { coverage: known.ranges, revision });
    }
    return Promise.resolve(coverages);
  }

  readKnowledge(market: MarketCode): Promise<ReadonlyMap<string, StoredKnowledge>> {
    const series = this.seriesOf(market);
    return Promise.resolve(
      new Map(series.map(([{ code }, { known, revision }]) => [code, { ...known, revision }])),
    );
  }

  override openRevision(series: Series): Promise<number> {
    const opened = this.find(series) ?? new MemorySeries(this.clock.nowMs());
    this.put(series, opened);
    return Promise.resolve(opened.revision);
  }

  override async save(page: ProvenPage): Promise<SavedPage> {
    const savable = savablePage(page);
    const { series, basis, fence } = savable;
    const seenToken = this.tokens.get(fence?.name ?? '') ?? 0;
    if (fence !== undefined && fence.token < seenToken) throw new Deposed(fence, seenToken);
    for (const { timeframe, revision } of basis) {
      const now = this.find({ ...series, timeframe })?.revision;
      if (now !== revision) throw movedBasis(series, timeframe, { revision, now });
    }
    const own = this.find(series) ?? new MemorySeries(0);
    const merge = mergePage(stretchOf(own, savable), savable);
    if (merge.kind === 'outdated') throw outdatedPage(series, merge.openMs);
    const { inserted, corrections, writes, known } = merge;
    if (fence !== undefined) this.tokens.set(fence.name, fence.token);
    own.write(writes, page);
    this.know(own, known, corrections.length > 0);
    if (corrections.length > 0) this.removeDoubtful(savable, corrections);
    return Promise.resolve({ inserted, corrections, revision: own.revision });
  }

  override async *stream(series: Series, range: TimeRange): AsyncIterable<readonly Candle[]> {
    for (let fromMs = range.fromMs; fromMs < range.untilMs;) {
      const rest = this.find(series)?.rowsIn({ fromMs, untilMs: range.untilMs }) ?? [];
      const portion = rest.slice(0, PORTION_ROWS).map(({ candle }) => candle);
      if (portion.length > 0) yield await Promise.resolve(portion);
      fromMs = rest[PORTION_ROWS]?.candle.openMs ?? range.untilMs;
    }
  }

  override findUnverified(query: UnverifiedQuery): Promise<readonly UnverifiedStretch[]> {
    const { beforeMs, limit, market: only, after } = query;
    const markets = only === undefined ? [...this.markets.keys()] : [only];
    const stretches = markets.flatMap((market) =>
      this.seriesOf(market).map(([timeframe, { known }]) => {
        const settled = doubtRange(timeframe, beforeMs);
        const ranges = known.ranges.subtract(known.verified).intersect(settled);
        return { series: { market, timeframe }, ranges };
      }),
    );
    const doubts = stretches.filter(({ ranges }) => !ranges.isEmpty);
    const rest = doubts.filter((one) => after === undefined || compareStretches(one, after) > 0);
    return Promise.resolve(rest.sort(compareStretches).slice(0, limit));
  }

  override purge(market: MarketCode): Promise<readonly PurgedSeries[]> {
    const purged = this.seriesOf(market).map(([timeframe, stored]) => {
      const series = { market, timeframe };
      const revision = this.nextRevision(stored.revision);
      this.put(series, new MemorySeries(revision));
      return { series, rows: stored.size, revision };
    });
    return Promise.resolve(purged);
  }

  private removeDoubtful(page: ProvenPage, corrections: readonly Correction[]): void {
    const { market } = page.series;
    for (const { timeframe, slots } of slotsInDoubt(page, corrections)) {
      const stored = this.find({ market, timeframe });
      if (stored === undefined) continue;
      const { known, gone } = withoutDoubtful(stored.known, slots);
      if (gone.isEmpty) continue;
      stored.remove(gone);
      this.know(stored, known, true);
    }
  }

  private know(stored: MemorySeries, known: SeriesKnowledge, hasMoved: boolean): void {
    stored.known = known;
    if (hasMoved) stored.revision = this.nextRevision(stored.revision);
  }

  private nextRevision(revision: number): number {
    return Math.max(revision + 1, this.clock.nowMs());
  }

  private find({ market, timeframe }: Series): MemorySeries | undefined {
    return this.markets.get(market)?.get(timeframe);
  }

  private put({ market, timeframe }: Series, stored: MemorySeries): void {
    const timeframes = this.markets.get(market) ?? new Map<Timeframe, MemorySeries>();
    this.markets.set(market, timeframes.set(timeframe, stored));
  }

  /** Shortest first. */
  private seriesOf(market: MarketCode): [Timeframe, MemorySeries][] {
    return Timeframe.ALL.flatMap((timeframe): [Timeframe, MemorySeries][] => {
      const stored = this.find({ market, timeframe });
      return stored === undefined ? [] : [[timeframe, stored]];
    });
  }
}

/** What of a series a page meets. */
function stretchOf(own: MemorySeries, page: ProvenPage): StoredStretch {
  const doubts = doubtBefore(page, own.known).ranges;
  const lacked = doubts.flatMap((doubt) => own.rowsIn(doubt).map(({ candle }) => candle));
  const lackedBefore = slotsOf(page.series.timeframe, lacked);
  return { known: own.known, rows: own.rowsIn(rangeOfRows(page)), lackedBefore };
}

/** The oldest doubt first; those that begin together by the bytes of their names. */
function compareStretches(a: UnverifiedStretch, b: UnverifiedStretch): number {
  return (
    startOf(a) - startOf(b) ||
    compareTexts(a.series.market, b.series.market) ||
    compareTexts(a.series.timeframe.code, b.series.timeframe.code)
  );
}

function startOf({ ranges: { ranges } }: UnverifiedStretch): number {
  return ranges[0]?.fromMs ?? Infinity;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
