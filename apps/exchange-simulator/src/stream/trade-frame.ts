import { isoSeconds } from '@candlekeep/market';
import type { BookUnit } from '../quotes/order-book';
import type { TradeRow } from '../quotes/trade-row';
import { Frame, quoted, type StreamType } from './frame';
import { moveOf } from './move';
import { shortWireNumber } from './wire-number';

/** A trade as it is told. */
export interface TradeNews {
  readonly row: TradeRow;
  /** When it is told, epoch ms. */
  readonly timestampMs: number;
  /** The best orders of that moment. */
  readonly best: BookUnit;
}

/** Writes a trade as its stream does: numbers without the zeros at their end, the change without its sign. */
export function tradeFrame({ row, timestampMs, best }: TradeNews, streamType: StreamType): Frame {
  const tradedAt = isoSeconds(row.atMs);
  const move = moveOf(row.change);
  return new Frame([
    ['type', 'ty', quoted('trade')],
    ['code', 'cd', quoted(row.market)],
    ['timestamp', 'tms', String(timestampMs)],
    ['trade_date', 'td', quoted(tradedAt.slice(0, 10))],
    ['trade_time', 'ttm', quoted(tradedAt.slice(11))],
    ['trade_timestamp', 'ttms', String(row.atMs)],
    ['trade_price', 'tp', shortWireNumber(row.price)],
    ['trade_volume', 'tv', shortWireNumber(row.volume)],
    ['ask_bid', 'ab', quoted(row.side)],
    ['prev_closing_price', 'pcp', shortWireNumber(row.previousClose)],
    ['change', 'c', quoted(move.name)],
    ['change_price', 'cp', shortWireNumber(move.size)],
    ['sequential_id', 'sid', String(row.sequentialId)],
    ['best_ask_price', 'bap', shortWireNumber(best.askPrice, 0)],
    ['best_ask_size', 'bas', shortWireNumber(best.askSize, 0)],
    ['best_bid_price', 'bbp', shortWireNumber(best.bidPrice, 0)],
    ['best_bid_size', 'bbs', shortWireNumber(best.bidSize, 0)],
    ['stream_type', 'st', quoted(streamType)],
  ]);
}
