import { isoSeconds } from '@candlekeep/market';
import type { TradeRow } from '../quotes/trade-row';

/** Prints rows as the exchange's body of `/v1/trades/ticks`: its key order, its digits, no white space. */
export function tradesBody(trades: readonly TradeRow[]): string {
  return `[${trades.map(rowText).join(',')}]`;
}

function rowText(trade: TradeRow): string {
  const [date, time] = isoSeconds(trade.atMs).split('T');
  const members = [
    `"market":"${trade.market}"`,
    `"trade_date_utc":"${date}"`,
    `"trade_time_utc":"${time}"`,
    `"timestamp":${trade.atMs}`,
    `"trade_price":${trade.price}`,
    `"trade_volume":${trade.volume}`,
    `"prev_closing_price":${trade.previousClose}`,
    `"change_price":${trade.change}`,
    `"ask_bid":"${trade.side}"`,
    `"sequential_id":${trade.sequentialId}`,
  ];
  return `{${members.join(',')}}`;
}
