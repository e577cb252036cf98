import {
  scaledOf,
  textOfScaled,
  Timeframe,
  type Candle,
  type MarketCode,
} from '@candlekeep/market';
import { MarketView } from '../candles/market-view';
import { bookMoves } from '../quotes/book-pace';
import { orderBook } from '../quotes/order-book';
import { tickerRow } from '../quotes/ticker-row';
import { tradeRows } from '../quotes/trade-row';
import type { Tape } from '../tape/tape';
import { candleFrame } from './candle-frame';
import { candleNews, newestCandle } from './candle-news';
import type { Channel } from './channel';
import type { Frame, StreamType } from './frame';
import { orderBookFrame } from './order-book-frame';
import { tickerFrame } from './ticker-frame';
import { tradeFrame } from './trade-frame';
import { TradeSchedule, type SentTrade, type Span } from './trade-schedule';

const DAY = Timeframe.parse('1d');
const MOST_BOOK_UNITS = 30;

/** What one market tells its streams. Every frame follows from the tape and the instant alone. */
export class MarketStream {
  readonly schedule: TradeSchedule;

  constructor(
    private readonly market: MarketCode,
    readonly tape: Tape,
  ) {
    this.schedule = new TradeSchedule(tape);
  }

  /** The frame that answers a subscription at `nowMs`; undefined before the market's first trade. */
  snapshot(channel: Channel, nowMs: number): Frame | undefined {
    if (channel.kind === 'candle') {
      const candle = newestCandle(this.view(nowMs), channel.timeframe);
      return candle === undefined ? undefined : this.candle(channel, candle, 'SNAPSHOT');
    }
    if (channel.kind !== 'trade') return this.quote(channel, nowMs, 'SNAPSHOT');
    const last = this.schedule.lastSentAt(nowMs);
    return last === undefined ? undefined : this.trade(last, 'SNAPSHOT');
  }

  /** The frames that follow the market through the span, in their order. */
  realtime(channel: Channel, span: Span): Frame[] {
    if (channel.kind === 'candle') {
      const candles = candleNews(this, channel.timeframe, span);
      return candles.map((candle) => this.candle(channel, candle, 'REALTIME'));
    }
    const frames =
      channel.kind === 'trade'
        ? this.schedule.sentWithin(span).map((trade) => this.trade(trade, 'REALTIME'))
        : this.changes(channel, span).map((atMs) => this.quote(channel, atMs, 'REALTIME'));
    return frames.filter((frame) => frame !== undefined);
  }

  /** What can be seen of the market at `nowMs`. */
  view(nowMs: number): MarketView {
    return new MarketView(this.tape, nowMs);
  }

  /** The moments at which a quote changed; trades stored together make one. Books move between the trades, too. */
  private changes({ kind }: Channel, span: Span): number[] {
    const traded = this.schedule.storedWithin(span).map(({ storedMs }) => storedMs);
    const moved = kind === 'orderbook' ? bookMoves(this.tape.recording, span) : [];
    return [...new Set([...traded, ...moved])].sort((a, b) => a - b);
  }

  private candle(
    { timeframe }: { timeframe: Timeframe },
    candle: Candle,
    streamType: StreamType,
  ): Frame {
    return candleFrame({ code: this.market, timeframe }, candle, streamType);
  }

  private trade(
    { sentMs, atMs, sequentialId }: SentTrade,
    streamType: StreamType,
  ): Frame | undefined {
    const view = this.view(sentMs);
    const page = {
      dayMs: DAY.floor(atMs),
      untilMs: Infinity,
      beforeId: sequentialId + 1n,
      count: 1,
    };
    const [row] = tradeRows(this.market, view, page);
    const best = orderBook(this.market, view, { level: 0n, count: 1 })?.units[0];
    if (row === undefined || best === undefined) return undefined;
    return tradeFrame({ row, best, timestampMs: sentMs }, streamType);
  }

  private quote({ kind }: Channel, nowMs: number, streamType: StreamType): Frame | undefined {
    const view = this.view(nowMs);
    if (kind === 'orderbook') {
      const book = orderBook(this.market, view, { level: 0n, count: MOST_BOOK_UNITS });
      return book === undefined ? undefined : orderBookFrame(book, streamType);
    }
    const row = tickerRow(this.market, view);
    const side = view.lastTradeBefore(Infinity)?.side;
    if (row === undefined || side === undefined) return undefined;
    return tickerFrame({ row, side, askVolume: halfOf(row.dayVolume) }, streamType);
  }
}

/** Nobody recorded who sold and who bought: half of a day's volume counts as sold. */
function halfOf(volume: string): string {
  return textOfScaled(scaledOf(volume) / 2n);
}
