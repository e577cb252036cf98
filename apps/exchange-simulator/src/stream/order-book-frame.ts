import type { BookUnit, OrderBook } from '../quotes/order-book';
import { Frame, quoted, type Members, type StreamType } from './frame';
import { wireDouble } from './wire-number';

/** Writes a book as its stream does: prices in the text of a double, exponents included. Books gathered to a level are not streamed. */
export function orderBookFrame(book: OrderBook, streamType: StreamType): Frame {
  return new Frame([
    ['type', 'ty', quoted('orderbook')],
    ['code', 'cd', quoted(book.market)],
    ['timestamp', 'tms', String(book.timestampMs)],
    ['total_ask_size', 'tas', book.totalAskSize],
    ['total_bid_size', 'tbs', book.totalBidSize],
    ['orderbook_units', 'obu', book.units.map(unitMembers)],
    ['stream_type', 'st', quoted(streamType)],
    ['level', 'lv', '0'],
  ]);
}

function unitMembers({ askPrice, bidPrice, askSize, bidSize }: BookUnit): Members {
  return [
    ['ask_price', 'ap', wireDouble(askPrice)],
    ['bid_price', 'bp', wireDouble(bidPrice)],
    ['ask_size', 'as', askSize],
    ['bid_size', 'bs', bidSize],
  ];
}
