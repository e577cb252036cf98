import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { memberOf } from '../../testing/stream-client';
import type { TakerSide } from '../tape/minute-path';
import { candleFrame } from './candle-frame';
import type { StreamType } from './frame';
import { orderBookFrame } from './order-book-frame';
import { tickerFrame } from './ticker-frame';
import { tradeFrame } from './trade-frame';

/** Frames as they came from the exchange, 2025-09-26 to 2026-09-23. */
const CANDLES = [
  '{"type":"candle.1m","code":"KRW-BTC","candle_date_time_utc":"2026-07-30T07:45:00","candle_date_time_kst":"2026-07-30T16:45:00","opening_price":91154000.00000000,"high_price":91157000.00000000,"low_price":91142000.00000000,"trade_price":91157000.00000000,"candle_acc_trade_volume":0.15511395,"candle_acc_trade_price":14139448.26754000,"timestamp":1785397531885,"stream_type":"SNAPSHOT"}',
  '{"type":"candle.1m","code":"KRW-BTC","candle_date_time_utc":"2026-07-30T07:46:00","candle_date_time_kst":"2026-07-30T16:46:00","opening_price":91157000.00000000,"high_price":91157000.00000000,"low_price":91133000.00000000,"trade_price":91157000.00000000,"candle_acc_trade_volume":0.80044670,"candle_acc_trade_price":72957159.34596000,"timestamp":1785397618309,"stream_type":"REALTIME"}',
  '{"type":"candle.5m","code":"KRW-BTC","candle_date_time_utc":"2026-07-30T07:50:00","candle_date_time_kst":"2026-07-30T16:50:00","opening_price":91134000.00000000,"high_price":91134000.00000000,"low_price":91132000.00000000,"trade_price":91132000.00000000,"candle_acc_trade_volume":0.03684166,"candle_acc_trade_price":3357485.11323000,"timestamp":1785397829625,"stream_type":"SNAPSHOT"}',
];
const TICKERS = [
  '{"type":"ticker","code":"KRW-BTC","opening_price":158219000.00000000,"high_price":159278000.00000000,"low_price":157588000.00000000,"trade_price":158201000.00000000,"prev_closing_price":158200000.00000000,"acc_trade_price":95078733694.3792000000000000,"change":"RISE","change_price":1000.00000000,"signed_change_price":1000.00000000,"change_rate":0.0000063211,"signed_change_rate":0.0000063211,"ask_bid":"BID","trade_volume":0.00006321,"acc_trade_volume":600.02894052,"trade_date":"20250926","trade_time":"082645","trade_timestamp":1758875205145,"acc_ask_volume":341.67985038,"acc_bid_volume":258.34909014,"highest_52_week_price":169900000.00000000,"highest_52_week_date":"2025-08-14","lowest_52_week_price":80635000.00000000,"lowest_52_week_date":"2024-10-10","market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE","timestamp":1758875205276,"acc_trade_price_24h":331187169240.21526,"acc_trade_volume_24h":2083.82485091,"stream_type":"SNAPSHOT"}',
  '{"type":"ticker","code":"KRW-BTC","opening_price":158219000.00000000,"high_price":159278000.00000000,"low_price":157588000.00000000,"trade_price":158200000.00000000,"prev_closing_price":158200000.00000000,"acc_trade_price":95088751392.9099200000000000,"change":"EVEN","change_price":0E-8,"signed_change_price":0E-8,"change_rate":0,"signed_change_rate":0,"ask_bid":"ASK","trade_volume":0.00011188,"acc_trade_volume":600.09226312,"trade_date":"20250926","trade_time":"082646","trade_timestamp":1758875206936,"acc_ask_volume":341.67996226,"acc_bid_volume":258.41230086,"highest_52_week_price":169900000.00000000,"highest_52_week_date":"2025-08-14","lowest_52_week_price":80635000.00000000,"lowest_52_week_date":"2024-10-10","market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE","timestamp":1758875206974,"acc_trade_price_24h":331188513477.17233,"acc_trade_volume_24h":2083.83396972,"stream_type":"REALTIME"}',
];
const TRADE =
  '{"type":"trade","code":"KRW-BTC","timestamp":1785395043831,"trade_date":"2026-07-30","trade_time":"07:04:03","trade_timestamp":1785395043779,"trade_price":91361000.0,"trade_volume":0.01275549,"ask_bid":"ASK","prev_closing_price":91424000.0,"change":"FALL","change_price":63000.0,"sequential_id":17853950437790001,"best_ask_price":91370000,"best_ask_size":0.0070459,"best_bid_price":91361000,"best_bid_size":0.00196362,"stream_type":"REALTIME"}';
/** Its first two units. */
const ORDER_BOOK =
  '{"type":"orderbook","code":"KRW-BTC","timestamp":1790134742106,"total_ask_size":2.51469375,"total_bid_size":1.63815297,"orderbook_units":[{"ask_price":1.16539E8,"bid_price":1.16538E8,"ask_size":0.02054761,"bid_size":0.08120946},{"ask_price":1.16542E8,"bid_price":1.16537E8,"ask_size":0.00077720,"bid_size":0.01129382}],"stream_type":"SNAPSHOT","level":0}';

const market = parseMarketCode('KRW-BTC');

describe('a frame is written as the exchange writes it, byte for byte,', () => {
  it.each(CANDLES)('when it tells a candle: %s', (captured) => {
    const timeframe = Timeframe.parse(memberOf(captured, 'type').replace('candle.', ''));
    const candle = {
      openMs: instantOf(captured, 'candle_date_time_utc'),
      open: memberOf(captured, 'opening_price'),
      high: memberOf(captured, 'high_price'),
      low: memberOf(captured, 'low_price'),
      close: memberOf(captured, 'trade_price'),
      timestampMs: Number(memberOf(captured, 'timestamp')),
      turnover: memberOf(captured, 'candle_acc_trade_price'),
      volume: memberOf(captured, 'candle_acc_trade_volume'),
    };
    const frame = candleFrame({ code: market, timeframe }, candle, streamTypeOf(captured));
    expect(frame.bytes('DEFAULT').toString()).toBe(captured);
  });

  it.each(TICKERS)('when it tells a ticker: %s', (captured) => {
    const plain = (key: string): string => memberOf(captured, key);
    const row = {
      market,
      tradeMs: Number(plain('trade_timestamp')),
      open: plain('opening_price'),
      high: plain('high_price'),
      low: plain('low_price'),
      close: plain('trade_price'),
      previousClose: plain('prev_closing_price'),
      change: padded(plain('signed_change_price'), 8),
      changeRate: padded(plain('signed_change_rate'), 10),
      tradeVolume: plain('trade_volume'),
      dayTurnover: plain('acc_trade_price'),
      dayVolume: plain('acc_trade_volume'),
      turnover24h: plain('acc_trade_price_24h'),
      volume24h: plain('acc_trade_volume_24h'),
      highest52w: {
        price: plain('highest_52_week_price'),
        dayMs: Date.parse(plain('highest_52_week_date')),
      },
      lowest52w: {
        price: plain('lowest_52_week_price'),
        dayMs: Date.parse(plain('lowest_52_week_date')),
      },
      timestampMs: Number(plain('timestamp')),
    };
    const news = { row, side: sideOf(captured), askVolume: plain('acc_ask_volume') };
    const frame = tickerFrame(news, streamTypeOf(captured));
    expect(frame.bytes('DEFAULT').toString()).toBe(captured);
  });

  it('when it tells a trade', () => {
    const row = {
      market,
      atMs: Number(memberOf(TRADE, 'trade_timestamp')),
      price: memberOf(TRADE, 'trade_price'),
      volume: memberOf(TRADE, 'trade_volume'),
      previousClose: memberOf(TRADE, 'prev_closing_price'),
      change: '-63000.00000000',
      side: sideOf(TRADE),
      sequentialId: BigInt(memberOf(TRADE, 'sequential_id')),
    };
    const best = {
      askPrice: memberOf(TRADE, 'best_ask_price'),
      askSize: '0.00704590',
      bidPrice: memberOf(TRADE, 'best_bid_price'),
      bidSize: memberOf(TRADE, 'best_bid_size'),
    };
    const frame = tradeFrame({ row, best, timestampMs: 1_785_395_043_831 }, 'REALTIME');
    expect(frame.bytes('DEFAULT').toString()).toBe(TRADE);
  });

  it('when it tells an order book, exponents included', () => {
    const unit = (askPrice: string, bidPrice: string, askSize: string, bidSize: string) => {
      return { askPrice, bidPrice, askSize, bidSize };
    };
    const book = {
      market,
      timestampMs: 1_790_134_742_106,
      totalAskSize: '2.51469375',
      totalBidSize: '1.63815297',
      units: [
        unit('116539000.00000000', '116538000.00000000', '0.02054761', '0.08120946'),
        unit('116542000.00000000', '116537000.00000000', '0.00077720', '0.01129382'),
      ],
      level: 0n,
    };
    expect(orderBookFrame(book, 'SNAPSHOT').bytes('DEFAULT').toString()).toBe(ORDER_BOOK);
  });
});

function instantOf(frame: string, key: string): number {
  return Date.parse(`${memberOf(frame, key)}Z`);
}

function streamTypeOf(frame: string): StreamType {
  return memberOf(frame, 'stream_type') === 'SNAPSHOT' ? 'SNAPSHOT' : 'REALTIME';
}

function sideOf(frame: string): TakerSide {
  return memberOf(frame, 'ask_bid') === 'ASK' ? 'ASK' : 'BID';
}

/** Zeros come as `0E-8` and `0`. */
function padded(text: string, digits: number): string {
  return Number(text) === 0 ? `0.${'0'.repeat(digits)}` : text;
}
