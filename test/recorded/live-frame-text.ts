import type { CandleFrame, TickerFrame, TradeFrame } from '@candlekeep/exchange-client';
import { decimalText, type MarketCode, parseIsoSeconds, Timeframe } from '@candlekeep/market';

export type LiveFrame = CandleFrame | TradeFrame | TickerFrame;

const LONG_DIGITS = 16;

/** Reads a frame in the DEFAULT format by its members' text, so that no digit is lost. Only for frames known to be sound. */
export function liveFrame(text: string, market: MarketCode): LiveFrame {
  const member = (key: string): string => memberText(text, key);
  const amount = (key: string): string => decimalText(member(key));
  const ms = (key: string): number => Number(member(key));
  const common = { market, isSnapshot: member('stream_type') === 'SNAPSHOT' };
  const prices = () => ({
    open: amount('opening_price'),
    high: amount('high_price'),
    low: amount('low_price'),
  });
  switch (member('type')) {
    case 'trade':
      return {
        kind: 'trade',
        ...common,
        sequentialId: member('sequential_id'),
        tradedAtMs: ms('trade_timestamp'),
        sentAtMs: ms('timestamp'),
        price: amount('trade_price'),
        volume: amount('trade_volume'),
        taker: member('ask_bid') === 'ASK' ? 'ask' : 'bid',
      };
    case 'ticker':
      return {
        kind: 'ticker',
        ...common,
        ...prices(),
        tradedAtMs: ms('trade_timestamp'),
        sentAtMs: ms('timestamp'),
        price: amount('trade_price'),
        previousClose: amount('prev_closing_price'),
        volume: amount('acc_trade_volume'),
        turnover: decimalText(member('acc_trade_price'), LONG_DIGITS),
      };
    default:
      return { kind: 'candle', ...common, ...prices(), ...candleParts(text) };
  }
}

/** The text of a member, without quotes. */
export function memberText(text: string, key: string): string {
  const found = new RegExp(`"${key}":"?([^",}]+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${key} in ${text}`);
  return found;
}

function candleParts(text: string) {
  return {
    timeframe: Timeframe.parse(memberText(text, 'type').replace('candle.', '')),
    openMs: parseIsoSeconds(memberText(text, 'candle_date_time_utc')),
    close: decimalText(memberText(text, 'trade_price')),
    volume: decimalText(memberText(text, 'candle_acc_trade_volume')),
    turnover: decimalText(memberText(text, 'candle_acc_trade_price')),
    timestampMs: Number(memberText(text, 'timestamp')),
  };
}
