import type { Candle } from '@candlekeep/market';

interface Wanted {
  readonly market: string;
  readonly timeframe: string;
  readonly count: number;
  readonly signal: AbortSignal;
}

interface Listener {
  candle(told: ReturnType<typeof toldCandle>): void;
  gap(): void;
  problem(error: Error): void;
}

const MINUTE = 60_000;
/** The open of the candle that is forming in every answer. */
export const FORMING_MS = Date.UTC(2026, 0, 5, 12);

/** A candle that closed at `close`. */
function candleAt(openMs: number, close: number): Candle {
  return {
    ...{ openMs, open: '100', high: '900', low: '1', close: String(close) },
    ...{ timestampMs: openMs, turnover: '1', volume: '2' },
  };
}

/** The forming candle as the stream tells it, `seconds` after its open. */
export function toldCandle(close: number, seconds: number, openMs = FORMING_MS) {
  const asOfMs = openMs + seconds * 1_000;
  const series = { market: 'KRW-BTC', timeframe: '1m' };
  return { ...candleAt(openMs, close), ...series, asOfMs, final: false };
}

/** Stands for the SDK: answers are held until `answer` is called, unless `isEager`; the stream tells what a test says. */
export class ToldSource {
  readonly asked: Wanted[] = [];
  listener: Listener | undefined;
  isClosed = false;
  /** The newest price in the answers to come. */
  price = 500;
  failure: Error | undefined;
  private held: (() => void)[] = [];

  constructor(private readonly isEager = true) {}

  async getCandles(wanted: Wanted) {
    this.asked.push(wanted);
    if (!this.isEager) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    const stepMs = wanted.timeframe === '5m' ? 5 * MINUTE : MINUTE;
    const candles = Array.from({ length: wanted.count }, (_, i) => {
      const back = wanted.count - 1 - i;
      return candleAt(FORMING_MS - back * stepMs, back === 0 ? this.price : 400);
    });
    return { candles, asOfMs: FORMING_MS + 1_000, source: 'l1' };
  }

  subscribe(_series: unknown, listener: Listener) {
    this.listener = listener;
    return {
      close: () => {
        this.listener = undefined;
      },
    };
  }

  close(): void {
    this.isClosed = true;
  }

  /** Lets every held answer go. */
  answer(): void {
    for (const go of this.held.splice(0)) go();
  }
}
