import { NOTHING_KNOWN, type SeriesKnowledge, type StoredCandle } from '@candlekeep/candle-store';
import type { Candle, Coverage, Provenance, TimeRange } from '@candlekeep/market';

/** One series of the store in memory: rows in the order of their opens, and what is known of them. */
export class MemorySeries {
  known: SeriesKnowledge = NOTHING_KNOWN;
  /** Oldest first, each open once. */
  private rows: StoredCandle[] = [];

  constructor(public revision: number) {}

  get size(): number {
    return this.rows.length;
  }

  /** Oldest first. */
  rowsIn({ fromMs, untilMs }: TimeRange): StoredCandle[] {
    return this.rows.slice(this.indexOf(fromMs), this.indexOf(untilMs));
  }

  /** The newest `limit` rows of the range, newest first. */
  newest({ fromMs, untilMs }: TimeRange, limit: number): Candle[] {
    const end = this.indexOf(untilMs);
    const start = Math.max(this.indexOf(fromMs), end - limit);
    return this.rows
      .slice(start, end)
      .map(({ candle }) => candle)
      .reverse();
  }

  write(candles: readonly Candle[], origin: { provenance: Provenance; readAtMs: number }): void {
    const { provenance, readAtMs } = origin;
    const first = candles[0];
    const last = candles.at(-1);
    if (first === undefined || last === undefined) return;
    const start = this.indexOf(first.openMs);
    const end = this.indexOf(last.openMs + 1);
    const stretch = new Map(this.rows.slice(start, end).map((row) => [row.candle.openMs, row]));
    for (const candle of candles) stretch.set(candle.openMs, { candle, provenance, readAtMs });
    const merged = [...stretch.values()].sort((a, b) => a.candle.openMs - b.candle.openMs);
    this.rows = [...this.rows.slice(0, start), ...merged, ...this.rows.slice(end)];
  }

  remove(gone: Coverage): void {
    const isGone = ({ candle: { openMs } }: StoredCandle): boolean =>
      gone.ranges.some(({ fromMs, untilMs }) => openMs >= fromMs && openMs < untilMs);
    this.rows = this.rows.filter((row) => !isGone(row));
  }

  /** Index of the first row that opens at or after the instant. */
  private indexOf(epochMs: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.candle.openMs ?? Infinity) < epochMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
