import {
  decimalText,
  parseMarketCode,
  scaledOf,
  textOfScaled,
  Timeframe,
  type Candle,
} from '@candlekeep/market';
import { capturedBody, textOf } from '../../testing/captures';
import { rowsOf } from '../faults/json-rows';
import type { TickerRow } from '../quotes/ticker-row';
import type { TradeRow } from '../quotes/trade-row';
import { candleBody } from './candle-body';
import { etagOf } from './message';
import { instrumentsBody } from './orderbook-body';
import { tickerBody } from './ticker-body';
import { tradesBody } from './trades-body';

/** The ETags with which the bodies came, so no byte of them can have changed. */
const ETAGS = {
  seconds: 'W/"0d58aff73ea3905a461dd4a4c52108fe2"',
  'minutes-1': 'W/"0a8e7aea04abff309a8a41bc33b086c11"',
  days: 'W/"0e2f0e810adeff5a52edede46f10a87be"',
  years: 'W/"04d6f240fd20db2771af2f44a98eec345"',
  trades: 'W/"0a6b8854d7c51a408870657a25a3b8b3f"',
  tickers: 'W/"0f53ce9e4b1d051fc7f7b586f9789a25a"',
  instruments: 'W/"034e7c494fb815a503786f7551ede9810"',
};
const BTC = parseMarketCode('KRW-BTC');

/** Bodies rendered from the values of captured ones: each value is taken out as text, and the renderer has to put every digit back. */
const RENDERED: Readonly<Record<keyof typeof ETAGS, string>> = {
  seconds: renderedCandle('seconds', '1s'),
  'minutes-1': renderedCandle('minutes-1', '1m'),
  days: renderedCandle('days', '1d'),
  years: renderedCandle('years', '1y'),
  trades: tradesBody(rows('trades').map(tradeFrom)),
  tickers: tickerBody(rows('tickers').map(tickerFrom)),
  instruments: instrumentsBody([
    {
      market: BTC,
      tick: scaledOf('1000'),
      levels: ['0', '10000', '100000', '1000000', '10000000', '100000000'].map((text) =>
        scaledOf(text),
      ),
    },
  ]),
};

describe('a body with the values of a captured one', () => {
  it.each(Object.entries(ETAGS))('is the same, byte for byte (%s)', (name, etag) => {
    const rendered = new Map(Object.entries(RENDERED)).get(name) ?? '';
    expect(rendered).toBe(capturedBody(name));
    expect(etagOf(Buffer.from(rendered))).toBe(etag);
  });
});

function rows(name: string): string[] {
  return rowsOf(capturedBody(name)) ?? [];
}

function renderedCandle(name: string, code: string): string {
  const shape = { market: BTC, timeframe: Timeframe.parse(code), withConvertedPrice: false };
  return candleBody(rows(name).map(candleFrom), shape);
}

function candleFrom(row: string): Candle {
  const plain = {
    openMs: Date.parse(`${textOf(row, 'candle_date_time_utc')}Z`),
    open: textOf(row, 'opening_price'),
    high: textOf(row, 'high_price'),
    low: textOf(row, 'low_price'),
    close: textOf(row, 'trade_price'),
    timestampMs: Number(textOf(row, 'timestamp')),
    turnover: textOf(row, 'candle_acc_trade_price'),
    volume: textOf(row, 'candle_acc_trade_volume'),
  };
  const daily = {
    previousClose: textOf(row, 'prev_closing_price'),
    change: textOf(row, 'change_price'),
    changeRate: textOf(row, 'change_rate'),
  };
  return daily.changeRate === '' ? plain : { ...plain, daily };
}

function tradeFrom(row: string): TradeRow {
  return {
    market: parseMarketCode(textOf(row, 'market')),
    atMs: Number(textOf(row, 'timestamp')),
    price: textOf(row, 'trade_price'),
    volume: textOf(row, 'trade_volume'),
    previousClose: textOf(row, 'prev_closing_price'),
    change: textOf(row, 'change_price'),
    side: textOf(row, 'ask_bid') === 'ASK' ? 'ASK' : 'BID',
    sequentialId: BigInt(textOf(row, 'sequential_id')),
  };
}

/** Digits that the simulator works out are worked out again: 16 of the day's turnover, 8 and 10 of a change that prints as a bare 0. */
function tickerFrom(row: string): TickerRow {
  const extreme = (side: string): TickerRow['highest52w'] => ({
    price: textOf(row, `${side}_52_week_price`),
    dayMs: Date.parse(textOf(row, `${side}_52_week_date`)),
  });
  return {
    market: parseMarketCode(textOf(row, 'market')),
    tradeMs: Number(textOf(row, 'trade_timestamp')),
    open: textOf(row, 'opening_price'),
    high: textOf(row, 'high_price'),
    low: textOf(row, 'low_price'),
    close: textOf(row, 'trade_price'),
    previousClose: textOf(row, 'prev_closing_price'),
    change: decimalText(textOf(row, 'signed_change_price')),
    changeRate: decimalText(textOf(row, 'signed_change_rate'), 10),
    tradeVolume: textOf(row, 'trade_volume'),
    dayTurnover: textOfScaled(scaledOf(textOf(row, 'acc_trade_price'), 16), 16),
    turnover24h: textOf(row, 'acc_trade_price_24h'),
    dayVolume: textOf(row, 'acc_trade_volume'),
    volume24h: textOf(row, 'acc_trade_volume_24h'),
    highest52w: extreme('highest'),
    lowest52w: extreme('lowest'),
    timestampMs: Number(textOf(row, 'timestamp')),
  };
}
