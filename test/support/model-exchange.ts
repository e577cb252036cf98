import { type ExchangePage, PAGE_ROWS, readInstant } from '@candlekeep/candle-cache';
import type { Candle, Series, Timeframe } from '@candlekeep/market';

/**
 * The smallest honest exchange: a set of traded slots, a clock of its own, and rows whose volume still changes until
 * `LATE_MS` after their close.
 */
export class ModelExchange {
  /** How long after its close a candle still changes: the latest that was seen on the real exchange since 2020. */
  static readonly LATE_MS = 1_881;
  /** Rows that change no more, by open. */
  private readonly settled = new Map<number, Candle>();

  constructor(
    readonly series: Series,
    /** Opens of traded slots, oldest first. */
    private readonly opens: readonly number[],
  ) {}

  /** The same market in a longer timeframe. */
  foldedTo(timeframe: Timeframe): ModelExchange {
    const opens = new Set(this.opens.map((openMs) => timeframe.floor(openMs)));
    return new ModelExchange({ ...this.series, timeframe }, [...opens]);
  }

  /** What the exchange answers at `nowMs`, newest first. */
  answer(question: { beforeMs: number; count: number }, nowMs: number): Candle[] {
    const visible = this.opens.filter((openMs) => openMs < question.beforeMs && openMs <= nowMs);
    return visible
      .slice(-question.count)
      .reverse()
      .map((openMs) => this.rowAt(openMs, nowMs));
  }

  /**
   * One full page, as a client reads it that asked at `askedMs` and had its answer at `nowMs`: the rows are of any moment between
   * (`readMs`), and the `Date` header is stamped at the end, its fraction of a second cut off.
   */
  page(
    toMs: number | undefined,
    nowMs: number,
    way = { askedMs: nowMs, readMs: nowMs },
  ): ExchangePage {
    const rows = this.answer({ beforeMs: toMs ?? Infinity, count: PAGE_ROWS }, way.readMs);
    return {
      series: this.series,
      ...(toMs === undefined ? {} : { toMs }),
      requested: PAGE_ROWS,
      candles: rows.reverse(),
      readAt: readInstant({
        dateMs: Math.floor(nowMs / 1_000) * 1_000,
        askedMs: way.askedMs,
        tookMs: nowMs - way.askedMs,
      }),
    };
  }

  private rowAt(openMs: number, nowMs: number): Candle {
    const settled = this.settled.get(openMs);
    if (settled !== undefined && nowMs >= settled.timestampMs) return settled;
    const row = this.rowUntil(openMs, nowMs);
    if (nowMs > row.timestampMs) this.settled.set(openMs, row);
    return row;
  }

  private rowUntil(openMs: number, nowMs: number): Candle {
    const endMs = this.series.timeframe.closeOf(openMs) + ModelExchange.LATE_MS;
    const amount = `${Math.min(nowMs, endMs) - openMs}.00000000`;
    const price = '100.00000000';
    const timestampMs = Math.min(nowMs, endMs);
    return {
      ...{ openMs, open: price, high: price, low: price, close: price },
      ...{ timestampMs, turnover: amount, volume: amount },
    };
  }
}
