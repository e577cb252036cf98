import { textOfScaled, type MarketCode } from '@candlekeep/market';
import type { OrderBook } from '../quotes/order-book';

/** Prints books as the exchange's body of `/v1/orderbook`, in its key order. */
export function orderbookBody(books: readonly OrderBook[]): string {
  return `[${books.map(bookText).join(',')}]`;
}

/** What `/v1/orderbook/instruments` says of a market; amounts in 10^-8 of the quote currency. */
export interface Instrument {
  readonly market: MarketCode;
  readonly tick: bigint;
  readonly levels: readonly bigint[];
}

/** Prints the exchange's body of `/v1/orderbook/instruments`. */
export function instrumentsBody(instruments: readonly Instrument[]): string {
  return JSON.stringify(
    instruments.map(({ market, tick, levels }) => ({
      market,
      quote_currency: market.split('-')[0],
      tick_size: shortText(tick),
      supported_levels: levels.map(shortText),
    })),
  );
}

function bookText(book: OrderBook): string {
  const units = book.units.map(
    ({ bidPrice, bidSize, askPrice, askSize }) =>
      `{"bid_price":${bidPrice},"bid_size":${bidSize},"ask_price":${askPrice},"ask_size":${askSize}}`,
  );
  const members = [
    `"market":"${book.market}"`,
    `"timestamp":${book.timestampMs}`,
    `"total_ask_size":${book.totalAskSize}`,
    `"total_bid_size":${book.totalBidSize}`,
    `"orderbook_units":[${units.join(',')}]`,
    `"level":${shortText(book.level)}`,
  ];
  return `{${members.join(',')}}`;
}

/** Without the zeros at the end of its fraction. */
function shortText(scaled: bigint): string {
  return textOfScaled(scaled).replace(/\.?0+$/, '');
}
