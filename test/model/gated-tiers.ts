import {
  CandleStore,
  CandleWindow,
  type FinalPage,
  type PageEvidence,
  type PageOrigin,
  type ProvenPage,
  type PurgedSeries,
  type SavedPage,
  type StoredCandles,
  type StoredCoverage,
  type StoreQuery,
  type UnverifiedStretch,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
  type WindowWish,
} from '@candlekeep/candle-cache';
import {
  type Candle,
  type MarketCode,
  type Series,
  seriesName,
  type TimeRange,
} from '@candlekeep/market';
import type { Stage } from './stage';

/** L1, each call of it a step on the stage. The sights of one read are separate steps: nothing promises them one moment. */
export class GatedWindow extends CandleWindow {
  constructor(
    private readonly window: CandleWindow,
    private readonly stage: Stage,
  ) {
    super();
  }

  override async read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]> {
    const sights: WindowSight[] = [];
    for (const query of queries) {
      const name = `L1 read ${query.series.timeframe.code}`;
      sights.push(...(await this.stage.step(name, () => this.window.read([query]))));
    }
    return sights;
  }

  override put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    const name = `L1 put ${evidence.series.timeframe.code} of revision ${origin.revision}`;
    return this.stage.step(name, () => this.window.put(evidence, origin));
  }

  override fill(page: FinalPage, revision: number): Promise<void> {
    const name = `L1 fill ${page.series.timeframe.code} of revision ${revision}`;
    return this.stage.step(name, () => this.window.fill(page, revision));
  }

  override expectRevision(series: Series, revision: number): Promise<void> {
    const name = `L1 expect ${series.timeframe.code} of revision ${revision}`;
    return this.stage.step(name, () => this.window.expectRevision(series, revision));
  }

  override prefer(wishes: readonly WindowWish[]): Promise<void> {
    return this.stage.step('L1 prefer', () => this.window.prefer(wishes));
  }

  override list(): Promise<readonly WindowMetadata[]> {
    return this.stage.step('L1 list', () => this.window.list());
  }
}

/** L2, each call of it a step on the stage. */
export class GatedStore extends CandleStore {
  constructor(
    private readonly store: CandleStore,
    private readonly stage: Stage,
    /** Told when a page showed stored rows otherwise. */
    private readonly onCorrection: (market: MarketCode) => void = () => undefined,
  ) {
    super();
  }

  override read(series: Series, query: StoreQuery): Promise<StoredCandles> {
    return this.step('read', series, () => this.store.read(series, query));
  }

  override readCoverages(market: MarketCode): Promise<ReadonlyMap<string, StoredCoverage>> {
    return this.stage.step('L2 coverages', () => this.store.readCoverages(market));
  }

  override openRevision(series: Series): Promise<number> {
    return this.step('open', series, () => this.store.openRevision(series));
  }

  override save(page: ProvenPage): Promise<SavedPage> {
    return this.step(`save ${page.provenance}`, page.series, async () => {
      const saved = await this.store.save(page);
      if (saved.corrections.length > 0) this.onCorrection(page.series.market);
      return saved;
    });
  }

  override async *stream(series: Series, range: TimeRange): AsyncIterable<readonly Candle[]> {
    const portions = this.store.stream(series, range)[Symbol.asyncIterator]();
    for (;;) {
      const portion = await this.step('stream', series, () => portions.next());
      if (portion.done === true) return;
      yield portion.value;
    }
  }

  override findUnverified(query: {
    readonly beforeMs: number;
    readonly limit: number;
  }): Promise<readonly UnverifiedStretch[]> {
    return this.stage.step('L2 doubts', () => this.store.findUnverified(query));
  }

  override purge(market: MarketCode): Promise<readonly PurgedSeries[]> {
    return this.stage.step('L2 purge', () => this.store.purge(market));
  }

  private step<Result>(
    name: string,
    series: Series,
    effect: () => Promise<Result>,
  ): Promise<Result> {
    return this.stage.step(`L2 ${name} ${seriesName(series)}`, effect);
  }
}
