import type { Candle, Series } from '@candlekeep/market';
import { type Bar, barOf } from './bar';

/** Candles as an answer brings them, oldest first. */
export interface SeenCandles {
  readonly candles: readonly Candle[];
  /** When the newest of them was seen at the exchange, epoch ms. */
  readonly asOfMs: number;
  /** Where they came from: `l1`, `l2`, `fold`, `exchange`; `l0` only where they were asked for alone, not in a batch. */
  readonly source: string;
}

/** A candle as the stream tells it. */
export interface SeenCandle extends Pick<Candle, 'openMs' | keyof Bar> {
  readonly asOfMs: number;
  /** Whether it is beyond change. */
  readonly final: boolean;
}

interface Row {
  readonly openMs: number;
  readonly bar: Bar;
}

/** The newest candles of one series: as they were read, then as the stream changes them. */
export class CandleWindow {
  readonly source: string;
  private readonly size: number;
  private rows: readonly Row[];
  private seenMs: number;

  constructor(
    readonly series: Series,
    { candles, asOfMs, source }: SeenCandles,
    count: number,
  ) {
    this.source = source;
    this.seenMs = asOfMs;
    this.size = count;
    this.rows = candles.map((candle) => ({ openMs: candle.openMs, bar: barOf(candle) }));
  }

  /** When its newest candle was seen, epoch ms. */
  get asOfMs(): number {
    return this.seenMs;
  }

  get bars(): readonly Bar[] {
    return this.rows.map(({ bar }) => bar);
  }

  /** Those whose time was over when the newest was seen. */
  get closedBars(): readonly Bar[] {
    return this.rows.filter((row) => this.isClosed(row)).map(({ bar }) => bar);
  }

  get isForming(): boolean {
    const newest = this.rows.at(-1);
    return newest !== undefined && !this.isClosed(newest);
  }

  /** Takes a candle in. Returns whether anything is different now; what is older than what is known is passed over. */
  take({ openMs, asOfMs, final, ...told }: SeenCandle): boolean {
    if (asOfMs < this.seenMs && !final) return false;
    const [before, bar] = [this.text(), barOf(told)];
    const others = this.rows.filter((row) => row.openMs !== openMs);
    this.rows = [...others, { openMs, bar }].sort((a, b) => a.openMs - b.openMs).slice(-this.size);
    this.seenMs = Math.max(this.seenMs, asOfMs);
    return this.text() !== before;
  }

  private isClosed({ openMs }: Row): boolean {
    return this.series.timeframe.closeOf(openMs) <= this.seenMs;
  }

  private text(): string {
    return JSON.stringify([this.rows, this.isForming]);
  }
}
