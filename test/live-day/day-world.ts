import { type Candle, type MarketCode, type Series } from '@candlekeep/market';
import { candlesOf } from '../../apps/exchange-simulator/src/candles/candle-book';
import { MarketView } from '../../apps/exchange-simulator/src/candles/market-view';
import { MarketList } from '../../apps/exchange-simulator/src/listing/market-list';
import { MarketStream } from '../../apps/exchange-simulator/src/stream/market-stream';
import { TradeSchedule } from '../../apps/exchange-simulator/src/stream/trade-schedule';
import type { Tape } from '../../apps/exchange-simulator/src/tape/tape';

/** The newest `count` rows that open before `beforeMs`. */
export interface Rows {
  readonly beforeMs: number;
  readonly count: number;
}

interface Market {
  readonly tape: Tape;
  readonly schedule: TradeSchedule;
}

/** Screened markets trade as this one does, since then. */
const MODEL = 'KRW-DOGE';
const LISTED_MS = Date.UTC(2021, 2, 5, 9);

/** What the simulated exchange is at any instant. */
export class DayWorld {
  private readonly list = new MarketList();
  private readonly markets = new Map<MarketCode, Market>();

  /** @param listed markets beside the shipped ones */
  constructor(listed: readonly MarketCode[] = []) {
    for (const market of listed) this.list.list(market, MODEL, LISTED_MS);
  }

  /** What is shown at an instant, newest first. */
  show({ market, timeframe }: Series, rows: Rows, nowMs: number): Candle[] {
    return candlesOf(new MarketView(this.find(market).tape, nowMs), timeframe, rows);
  }

  /** When trades were stored after the first instant, up to the second. */
  storedBetween(market: MarketCode, afterMs: number, untilMs: number): number[] {
    const span = { fromMs: afterMs + 1, untilMs: untilMs + 1 };
    const trades = this.find(market).schedule.storedWithin(span);
    return [...new Set(trades.map(({ storedMs }) => storedMs))];
  }

  stream(market: MarketCode): MarketStream {
    return new MarketStream(market, this.find(market).tape);
  }

  /** Opens of the minutes with a trade, oldest first. */
  tradedMinutes(market: MarketCode, fromMs: number, untilMs: number): number[] {
    const { tape } = this.find(market);
    const opens: number[] = [];
    for (let minute = Math.ceil(fromMs / 60_000); minute * 60_000 < untilMs; minute += 1) {
      if (tape.minuteAt(minute) !== undefined) opens.push(minute * 60_000);
    }
    return opens;
  }

  private find(market: MarketCode): Market {
    const known = this.markets.get(market);
    if (known !== undefined) return known;
    const tape = this.list.find(market)?.tape;
    if (tape === undefined) throw new RangeError(`${market} is not listed`);
    const found = { tape, schedule: new TradeSchedule(tape) };
    this.markets.set(market, found);
    return found;
  }
}
