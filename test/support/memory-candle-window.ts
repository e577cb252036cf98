import {
  assertToken,
  CandleWindow,
  checkWishes,
  Deposed,
  type FinalPage,
  LONGEST_WISH_MS,
  type PageEvidence,
  type PageOrigin,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
  type WindowWish,
} from '@candlekeep/candle-cache';
import { type Series, seriesName } from '@candlekeep/market';
import { MemoryWindowSeries } from './memory-window-series';

export interface MemoryCandleWindowOptions {
  /** Default 1,000. */
  readonly maxRows?: number;
  /** Default 100,000,000. */
  readonly maxBytes?: number;
}

/** L1 in a map, for tests that need a window and no Redis. Passes the same conformance suite as the real one. */
export class MemoryCandleWindow extends CandleWindow {
  /** The least recently used first. */
  private readonly windows = new Map<string, MemoryWindowSeries>();
  private wantedUntilMs = new Map<string, number>();
  /** How many rows a window keeps, and until when. */
  private kept = new Map<string, Pick<WindowWish, 'rows' | 'untilMs'>>();
  private readonly maxRows: number;
  private readonly maxBytes: number;

  /** @param clock stands for the cache server's */
  constructor(
    private readonly clock: { nowMs(): number },
    { maxRows = 1_000, maxBytes = 100_000_000 }: MemoryCandleWindowOptions = {},
  ) {
    super();
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
  }

  override read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]> {
    return Promise.resolve(queries.map((query) => this.readOne(query)));
  }

  override async put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    const { series, covered, finals, head } = evidence;
    const { fence } = origin;
    assertToken(fence);
    const seenToken = this.windows.get(seriesName(series))?.fence ?? 0;
    if (fence !== undefined && fence < seenToken) {
      throw new Deposed(`L1's window of ${seriesName(series)}`, fence, { seenToken });
    }
    this.change(series, (window) => {
      window.raiseFence(fence);
      const isTaken = window.meetRevision(origin.revision);
      if (isTaken) window.putFinals(covered, finals, head !== undefined);
      if (head !== undefined) window.putHead({ ...head, ...sightOf(origin) }, this.clock.nowMs());
    });
    await Promise.resolve();
  }

  override fill({ series, covered, rows }: FinalPage, revision: number): Promise<void> {
    this.change(series, (window) => {
      if (window.meetRevision(revision)) window.fill(covered, rows);
    });
    return Promise.resolve();
  }

  override expectRevision(series: Series, revision: number): Promise<void> {
    this.change(series, (window) => window.meetRevision(revision));
    return Promise.resolve();
  }

  override async prefer(wishes: readonly WindowWish[]): Promise<void> {
    checkWishes(wishes);
    const nowMs = this.clock.nowMs();
    const longestMs = nowMs + LONGEST_WISH_MS;
    const lasting = wishes.filter(({ untilMs }) => untilMs > nowMs);
    this.wantedUntilMs = new Map(
      lasting.map(({ series, untilMs }) => [seriesName(series), Math.min(untilMs, longestMs)]),
    );
    this.kept = new Map(
      lasting.map(({ series, rows }) => [seriesName(series), { rows, untilMs: longestMs }]),
    );
    await Promise.resolve();
  }

  override list(): Promise<readonly WindowMetadata[]> {
    return Promise.resolve([...this.windows.values()].map((window) => window.metadata()));
  }

  /** Loses a whole window, as an eviction does. */
  lose(series: Series): void {
    this.drop(seriesName(series));
  }

  private readOne({ series, ...query }: WindowQuery): WindowSight {
    const nowMs = this.clock.nowMs();
    const window = this.windows.get(seriesName(series));
    const sight = (window ?? this.begin(series, nowMs)).read(query, nowMs);
    if (window !== undefined && (!sight.coverage.isEmpty || sight.head !== undefined)) {
      window.hits += 1;
      this.use(window, nowMs);
    }
    return sight;
  }

  private change(series: Series, apply: (window: MemoryWindowSeries) => void): void {
    const nowMs = this.clock.nowMs();
    const known = this.windows.get(seriesName(series));
    const window = known ?? this.begin(series, nowMs);
    const { version, sizes } = window;
    apply(window);
    if (window === known && window.version === version) return;
    window.updatedAtMs = nowMs;
    if (window === known && window.sizes === sizes) return;
    window.measure();
    this.use(window, nowMs);
    this.dropSurplus(window);
  }

  private use(window: MemoryWindowSeries, nowMs: number): void {
    const name = seriesName(window.series);
    window.usedAtMs = nowMs;
    this.windows.delete(name);
    this.windows.set(name, window);
  }

  private begin(series: Series, nowMs: number): MemoryWindowSeries {
    return new MemoryWindowSeries(series, () => this.rowsToKeep(series), nowMs);
  }

  private rowsToKeep(series: Series): number {
    const kept = this.kept.get(seriesName(series));
    return kept !== undefined && this.clock.nowMs() < kept.untilMs ? kept.rows : this.maxRows;
  }

  private dropSurplus(justWritten: MemoryWindowSeries): void {
    const all = [...this.windows.values()];
    const others = all.filter((window) => window !== justWritten);
    const unwanted = others.filter((window) => !this.isWanted(window));
    const wanted = others.filter((window) => this.isWanted(window));
    let bytes = all.reduce((sum, window) => sum + window.measuredBytes, 0);
    for (const window of [...unwanted, ...wanted, justWritten]) {
      if (bytes <= this.maxBytes) return;
      this.drop(seriesName(window.series));
      bytes -= window.measuredBytes;
    }
  }

  private isWanted({ series }: MemoryWindowSeries): boolean {
    const nowMs = this.clock.nowMs();
    const untilMs = this.wantedUntilMs.get(seriesName(series)) ?? 0;
    return nowMs < untilMs && untilMs <= nowMs + LONGEST_WISH_MS;
  }

  private drop(name: string): void {
    this.windows.delete(name);
    this.kept.delete(name);
  }
}

function sightOf({
  seenAtMs,
  provenance,
}: PageOrigin): Pick<PageOrigin, 'seenAtMs' | 'provenance'> {
  return { seenAtMs: Math.floor(seenAtMs), provenance };
}
