import type { Head, WindowMetadata, WindowQuery, WindowSight } from '@candlekeep/candle-cache';
import { type Candle, Coverage, type Series, type TimeRange } from '@candlekeep/market';

/** As in L1. */
const MAX_RANGES = 64;
/** About what L1 takes for a minute of KRW-BTC; `bench/window-memory.mjs` measures it. */
const BYTES_PER_ROW = 250;
const BYTES_PER_WINDOW = 500;

/** One series' window in memory. */
export class MemoryWindowSeries {
  hits = 0;
  /** Rises with every change. */
  version = 0;
  /** Rises with every change that is measured. */
  sizes = 0;
  /** As of the last measure. */
  measuredBytes = 0;
  /** The largest token that a writer has shown. */
  fence = 0;
  updatedAtMs: number;
  usedAtMs: number;
  /** Newest first. */
  private rows: readonly Candle[] = [];
  private coverage = Coverage.EMPTY;
  private head: Head | undefined;
  private storeRevision = 0;

  constructor(
    readonly series: Series,
    /** How many rows it keeps now. */
    private readonly maxRows: () => number,
    private readonly createdAtMs: number,
  ) {
    this.updatedAtMs = createdAtMs;
    this.usedAtMs = createdAtMs;
  }

  get bytes(): number {
    return BYTES_PER_WINDOW + (this.rows.length + (this.head?.rows.length ?? 0)) * BYTES_PER_ROW;
  }

  read({ beforeMs, fromMs = 0, limit }: Omit<WindowQuery, 'series'>, nowMs: number): WindowSight {
    const inBounds = this.rows.filter(({ openMs }) => openMs < beforeMs && openMs >= fromMs);
    return {
      nowMs,
      keptFromMs: this.keptFromMs(),
      coverage: this.coverage,
      rows: inBounds.slice(0, limit),
      ...(this.head === undefined ? {} : { head: this.head }),
    };
  }

  measure(): void {
    this.measuredBytes = this.bytes;
  }

  raiseFence(token = 0): void {
    if (token <= this.fence) return;
    this.fence = token;
    this.version += 1;
  }

  /** Whether finals of this revision of the store may be taken; a newer one takes the older rows away. */
  meetRevision(revision: number | undefined): boolean {
    if (revision === undefined || revision < this.storeRevision) return false;
    if (revision > this.storeRevision) {
      this.rows = [];
      this.coverage = Coverage.EMPTY;
      this.storeRevision = revision;
      this.resize();
    }
    return true;
  }

  putFinals(covered: TimeRange, finals: readonly Candle[], bringsHead: boolean): void {
    if (covered.fromMs >= covered.untilMs) return;
    this.keep(covered, [...this.rowsOutside(covered), ...finals]);
    if (!bringsHead) this.dropPassedHead(covered);
  }

  fill(covered: TimeRange, rows: readonly Candle[]): void {
    if (covered.fromMs >= covered.untilMs) return;
    this.keep(covered, [...this.rows, ...rows.filter((row) => !this.covers(row))]);
    this.dropPassedHead(covered);
  }

  putHead(head: Head, nowMs: number): void {
    const seenAtMs = this.head?.seenAtMs ?? -1;
    if (seenAtMs <= nowMs && head.seenAtMs < seenAtMs) return;
    if (this.head === undefined) this.resize();
    this.head = head;
    this.version += 1;
  }

  metadata(): WindowMetadata {
    const { series, bytes, hits, createdAtMs, updatedAtMs, usedAtMs } = this;
    return { series, rows: this.rows.length, bytes, hits, createdAtMs, updatedAtMs, usedAtMs };
  }

  private keep(covered: TimeRange, rows: readonly Candle[]): void {
    this.resize();
    const { ranges } = this.coverage.union(Coverage.of([covered]));
    const surplusMs = ranges.length > MAX_RANGES ? (ranges.at(-MAX_RANGES)?.fromMs ?? 0) : 0;
    const inRanges = rows.filter(({ openMs }) => openMs >= surplusMs);
    this.rows = inRanges.sort((a, b) => b.openMs - a.openMs).slice(0, this.maxRows());
    const isTrimmed = this.rows.length < inRanges.length;
    const keptFromMs = isTrimmed ? (this.rows.at(-1)?.openMs ?? surplusMs) : surplusMs;
    this.coverage = Coverage.of(ranges).intersect({ fromMs: keptFromMs, untilMs: Infinity });
  }

  private resize(): void {
    this.version += 1;
    this.sizes += 1;
  }

  private keptFromMs(): number {
    const { ranges } = this.coverage;
    const surplusMs = ranges.length >= MAX_RANGES ? (ranges[0]?.fromMs ?? 0) : 0;
    return Math.max(surplusMs, this.rows[this.maxRows() - 1]?.openMs ?? 0);
  }

  private dropPassedHead({ untilMs }: TimeRange): void {
    if (this.head !== undefined && untilMs > this.head.fromMs) this.head = undefined;
  }

  private rowsOutside({ fromMs, untilMs }: TimeRange): readonly Candle[] {
    return this.rows.filter(({ openMs }) => openMs < fromMs || openMs >= untilMs);
  }

  private covers({ openMs }: Candle): boolean {
    return this.coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
  }
}
