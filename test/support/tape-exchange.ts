import type { UpbitRestClient } from '@candlekeep/exchange-client';
import {
  type Candle,
  dailyChange,
  type MarketCode,
  type Series,
  seriesName,
  textOfScaled,
  Timeframe,
} from '@candlekeep/market';
import { MINUTE, rowsShown, type Tape, type Tapes } from './tape';

/** One call of the exchange. */
export interface Call {
  readonly atMs: number;
  readonly series: Series;
  /** Undefined for the newest rows. */
  readonly toMs: number | undefined;
}

type PageQuery = Parameters<UpbitRestClient['getCandles']>[0];

interface VirtualClock {
  nowMs(): number;
  monotonicMs(): number;
}

const DAY = Timeframe.parse('1d');
/** Prices go round in so many steps, so that a long candle's extremes need no walk over its minutes. */
const PRICES = 7;
const UNIT = 10n ** 8n;

/** An exchange that answers at once from tapes, in virtual time, and remembers each call. One minute's trade is worth one unit. */
export class TapeExchange implements Pick<UpbitRestClient, 'getCandles' | 'forward'> {
  readonly calls: Call[] = [];
  /** Closed candles that were made before, by series and row: they do not change. */
  private readonly closed = new Map<string, Map<number, Candle>>();

  constructor(
    private readonly tapes: Tapes,
    private readonly clock: VirtualClock,
  ) {}

  getCandles({ series, toMs, count }: PageQuery): ReturnType<UpbitRestClient['getCandles']> {
    const nowMs = this.clock.nowMs();
    this.calls.push({ atMs: nowMs, series, toMs });
    const candles = this.show(series, { beforeMs: toMs ?? Infinity, count }, nowMs).reverse();
    const readAtMs = Math.floor(nowMs / 1_000) * 1_000;
    return Promise.resolve({ candles, readAtMs, askedMonotonicMs: this.clock.monotonicMs() });
  }

  forward(): ReturnType<UpbitRestClient['forward']> {
    return Promise.reject(new RangeError('no market of a tape is without trades'));
  }

  /** What the exchange shows at an instant, newest first; not counted as a call. */
  show(series: Series, asked: { beforeMs: number; count: number }, nowMs: number): Candle[] {
    const end = rowsShown(this.tapeOf(series.market), series.timeframe, {
      beforeMs: asked.beforeMs,
      nowMs,
    });
    const length = Math.min(end, asked.count);
    return Array.from({ length }, (_, index) => this.row(series, end - 1 - index, nowMs));
  }

  private row(series: Series, row: number, nowMs: number): Candle {
    const closed = this.closed.get(seriesName(series)) ?? new Map<number, Candle>();
    this.closed.set(seriesName(series), closed);
    const known = closed.get(row);
    if (known !== undefined) return known;
    const { market, timeframe } = series;
    const candle = candleOf(this.tapeOf(market), { timeframe, row }, nowMs);
    if (timeframe.closeOf(candle.openMs) <= nowMs) closed.set(row, candle);
    return candle;
  }

  private tapeOf(market: MarketCode): Tape {
    const tape = this.tapes.get(market);
    if (tape === undefined) throw new RangeError(`there is no tape of ${market}`);
    return tape;
  }
}

interface Row {
  readonly timeframe: Timeframe;
  readonly row: number;
}

function candleOf(tape: Tape, { timeframe, row }: Row, nowMs: number): Candle {
  const openMs = tape.openOf(timeframe, row);
  const first = tape.rowsBefore(MINUTE, openMs);
  const last = tape.rowsBefore(MINUTE, Math.min(timeframe.closeOf(openMs), nowMs + 1)) - 1;
  const minutes = Array.from({ length: Math.min(PRICES, last + 1 - first) }, (_, i) => first + i);
  const steps = minutes.map((minute) => minute % PRICES);
  const amount = textOfScaled(BigInt(last + 1 - first) * UNIT);
  const candle = {
    ...{ openMs, open: priceOf(first), close: priceOf(last) },
    ...{ high: priceOf(Math.max(...steps)), low: priceOf(Math.min(...steps)) },
    ...{ timestampMs: tape.openOf(MINUTE, last), turnover: amount, volume: amount },
  };
  if (timeframe !== DAY) return candle;
  return { ...candle, daily: dailyChange(candle.close, priceOf(Math.max(0, first - 1))) };
}

function priceOf(minute: number): string {
  return textOfScaled(BigInt(100 + (minute % PRICES)) * UNIT);
}
