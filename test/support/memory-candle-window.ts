import {
  assertToken,
  CandleWindow,
  Deposed,
  type FinalPage,
  type PageEvidence,
  type PageOrigin,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
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

  override list(): Promise<readonly WindowMetadata[]> {
    return Promise.resolve([...this.windows.values()].map((window) => window.metadata()));
  }

  /** Loses a whole window, as an eviction does. */
  lose(series: Series): void {
    this.windows.delete(seriesName(series));
  }

  private readOne({ series, ...query }: WindowQuery): WindowSight {
    const nowMs = this.clock.nowMs();
    const window = this.windows.get(seriesName(series));
    const sight = (window ?? new MemoryWindowSeries(series, this.maxRows, nowMs)).read(
      query,
      nowMs,
    );
    if (window !== undefined && (!sight.coverage.isEmpty || sight.head !== undefined)) {
      window.hits += 1;
      this.use(window, nowMs);
    }
    return sight;
  }

  private change(series: Series, apply: (window: MemoryWindowSeries) => void): void {
    const nowMs = this.clock.nowMs();
    const known = this.windows.get(seriesName(series));
    const window = known ?? new MemoryWindowSeries(series, this.maxRows, nowMs);
    const { version, sizes } = window;
    apply(window);
    if (window === known && window.version === version) return;
    window.updatedAtMs = nowMs;
    if (window === known && window.sizes === sizes) return;
    window.measure();
    this.use(window, nowMs);
    this.dropSurplus();
  }

  private use(window: MemoryWindowSeries, nowMs: number): void {
    const name = seriesName(window.series);
    window.usedAtMs = nowMs;
    this.windows.delete(name);
    this.windows.set(name, window);
  }

  private dropSurplus(): void {
    let bytes = [...this.windows.values()].reduce((sum, window) => sum + window.measuredBytes, 0);
    for (const [name, window] of this.windows) {
      if (bytes <= this.maxBytes) return;
      this.windows.delete(name);
      bytes -= window.measuredBytes;
    }
  }
}

function sightOf({
  seenAtMs,
  provenance,
}: PageOrigin): Pick<PageOrigin, 'seenAtMs' | 'provenance'> {
  return { seenAtMs: Math.floor(seenAtMs), provenance };
}
