import { isoSeconds, RATE_DIGITS, scaledOf, textOfScaled } from '@candlekeep/market';
import type { TickerRow } from '../quotes/ticker-row';
import type { TakerSide } from '../tape/minute-path';
import { Frame, quoted, type Member, type StreamType } from './frame';
import { moveOf } from './move';
import { shortWireNumber, wireNumber } from './wire-number';

/** A ticker as it is told. */
export interface TickerNews {
  readonly row: TickerRow;
  /** Side of the last trade's taker. */
  readonly side: TakerSide;
  /** Part of the day's volume that takers sold, decimal text; the rest they bought. */
  readonly askVolume: string;
}

/** Writes a ticker as its stream does. */
export function tickerFrame(news: TickerNews, streamType: StreamType): Frame {
  const { row } = news;
  const tradedAt = isoSeconds(row.tradeMs).replace(/[-:]/g, '');
  return new Frame([
    ['type', 'ty', quoted('ticker')],
    ['code', 'cd', quoted(row.market)],
    ['opening_price', 'op', row.open],
    ['high_price', 'hp', row.high],
    ['low_price', 'lp', row.low],
    ['trade_price', 'tp', row.close],
    ['prev_closing_price', 'pcp', row.previousClose],
    ['acc_trade_price', 'atp', row.dayTurnover],
    ...changeMembers(row),
    ['ask_bid', 'ab', quoted(news.side)],
    ['trade_volume', 'tv', wireNumber(row.tradeVolume)],
    ['acc_trade_volume', 'atv', row.dayVolume],
    ['trade_date', 'tdt', quoted(tradedAt.slice(0, 8))],
    ['trade_time', 'ttm', quoted(tradedAt.slice(9))],
    ['trade_timestamp', 'ttms', String(row.tradeMs)],
    ...volumeMembers(news),
    ...extremeMembers(row),
    ['market_state', 'ms', quoted('ACTIVE')],
    ['is_trading_suspended', 'its', 'false'],
    ['delisting_date', 'dd', 'null'],
    ['market_warning', 'mw', quoted('NONE')],
    ['timestamp', 'tms', String(row.timestampMs)],
    ['acc_trade_price_24h', 'atp24h', shortWireNumber(row.turnover24h)],
    ['acc_trade_volume_24h', 'atv24h', shortWireNumber(row.volume24h)],
    ['stream_type', 'st', quoted(streamType)],
  ]);
}

function changeMembers({ change, changeRate }: TickerRow): Member[] {
  const [price, rate] = [moveOf(change), moveOf(changeRate)];
  return [
    ['change', 'c', quoted(price.name)],
    ['change_price', 'cp', wireNumber(price.size)],
    ['signed_change_price', 'scp', wireNumber(change)],
    ['change_rate', 'cr', rateText(rate.size)],
    ['signed_change_rate', 'scr', rateText(changeRate)],
  ];
}

/** Without a change the exchange prints `0E-8` for the price, but `0` for the rate. */
function rateText(rate: string): string {
  return moveOf(rate).name === 'EVEN' ? '0' : wireNumber(rate, RATE_DIGITS);
}

function volumeMembers({ row, askVolume }: TickerNews): Member[] {
  const bidVolume = textOfScaled(scaledOf(row.dayVolume) - scaledOf(askVolume));
  return [
    ['acc_ask_volume', 'aav', askVolume],
    ['acc_bid_volume', 'abv', bidVolume],
  ];
}

function extremeMembers({ highest52w, lowest52w }: TickerRow): Member[] {
  return [
    ['highest_52_week_price', 'h52wp', highest52w.price],
    ['highest_52_week_date', 'h52wdt', quoted(isoSeconds(highest52w.dayMs).slice(0, 10))],
    ['lowest_52_week_price', 'l52wp', lowest52w.price],
    ['lowest_52_week_date', 'l52wdt', quoted(isoSeconds(lowest52w.dayMs).slice(0, 10))],
  ];
}
