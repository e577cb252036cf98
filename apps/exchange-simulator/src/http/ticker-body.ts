import { isoSeconds } from '@candlekeep/market';
import type { TickerRow } from '../quotes/ticker-row';

const KST_AHEAD_MS = 9 * 3_600_000;

/** Prints rows as the exchange's body of `/v1/ticker`: its key order, its digits, no white space. */
export function tickerBody(tickers: readonly TickerRow[]): string {
  return `[${tickers.map(rowText).join(',')}]`;
}

function rowText(ticker: TickerRow): string {
  const members = [
    `"market":"${ticker.market}"`,
    ...momentMembers('', ticker.tradeMs),
    ...momentMembers('_kst', ticker.tradeMs + KST_AHEAD_MS),
    `"trade_timestamp":${ticker.tradeMs}`,
    `"opening_price":${ticker.open}`,
    `"high_price":${ticker.high}`,
    `"low_price":${ticker.low}`,
    `"trade_price":${ticker.close}`,
    `"prev_closing_price":${ticker.previousClose}`,
    ...changeMembers(ticker),
    `"trade_volume":${ticker.tradeVolume}`,
    `"acc_trade_price":${ticker.dayTurnover}`,
    `"acc_trade_price_24h":${ticker.turnover24h}`,
    `"acc_trade_volume":${ticker.dayVolume}`,
    `"acc_trade_volume_24h":${ticker.volume24h}`,
    `"highest_52_week_price":${ticker.highest52w.price}`,
    `"highest_52_week_date":"${dateText(ticker.highest52w.dayMs)}"`,
    `"lowest_52_week_price":${ticker.lowest52w.price}`,
    `"lowest_52_week_date":"${dateText(ticker.lowest52w.dayMs)}"`,
    `"timestamp":${ticker.timestampMs}`,
  ];
  return `{${members.join(',')}}`;
}

function momentMembers(zone: string, wallMs: number): string[] {
  const [date = '', time = ''] = isoSeconds(wallMs).replace(/[-:]/g, '').split('T');
  return [`"trade_date${zone}":"${date}"`, `"trade_time${zone}":"${time}"`];
}

/** A price that has not changed prints a bare 0 in all four places. */
function changeMembers({ change, changeRate }: TickerRow): string[] {
  const isFall = change.startsWith('-');
  const isEven = !/[1-9]/.test(change);
  const [price, rate] = isEven ? ['0', '0'] : [change, changeRate];
  return [
    `"change":"${isEven ? 'EVEN' : isFall ? 'FALL' : 'RISE'}"`,
    `"change_price":${price.replace('-', '')}`,
    `"change_rate":${rate.replace('-', '')}`,
    `"signed_change_price":${price}`,
    `"signed_change_rate":${rate}`,
  ];
}

function dateText(dayMs: number): string {
  return isoSeconds(dayMs).slice(0, 10);
}
