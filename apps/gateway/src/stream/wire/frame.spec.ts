import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { candleFrame } from './candle-frame';
import { Frame } from './frame';

/** As captured from the exchange. */
const CANDLE =
  '{"type":"candle.1m","code":"KRW-BTC","candle_date_time_utc":"2026-07-30T07:45:00","candle_date_time_kst":"2026-07-30T16:45:00","opening_price":91154000.00000000,"high_price":91157000.00000000,"low_price":91142000.00000000,"trade_price":91157000.00000000,"candle_acc_trade_volume":0.15511395,"candle_acc_trade_price":14139448.26754000,"timestamp":1785397531885,"stream_type":"SNAPSHOT"}';
const TRADE =
  '{"type":"trade","code":"KRW-BTC","timestamp":1785395043831,"trade_date":"2026-07-30","trade_time":"07:04:03","trade_timestamp":1785395043779,"trade_price":91361000.0,"trade_volume":0.01275549,"ask_bid":"ASK","prev_closing_price":91424000.0,"change":"FALL","change_price":63000.0,"sequential_id":17853950437790001,"best_ask_price":91370000,"best_ask_size":0.0070459,"best_bid_price":91361000,"best_bid_size":0.00196362,"stream_type":"REALTIME"}';
const TICKER =
  '{"type":"ticker","code":"KRW-BTC","opening_price":158219000.00000000,"high_price":159278000.00000000,"low_price":157588000.00000000,"trade_price":158200000.00000000,"prev_closing_price":158200000.00000000,"acc_trade_price":95088751392.9099200000000000,"change":"EVEN","change_price":0E-8,"signed_change_price":0E-8,"change_rate":0,"signed_change_rate":0,"ask_bid":"ASK","trade_volume":0.00011188,"acc_trade_volume":600.09226312,"trade_date":"20250926","trade_time":"082646","trade_timestamp":1758875206936,"acc_ask_volume":341.67996226,"acc_bid_volume":258.41230086,"highest_52_week_price":169900000.00000000,"highest_52_week_date":"2025-08-14","lowest_52_week_price":80635000.00000000,"lowest_52_week_date":"2024-10-10","market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE","timestamp":1758875206974,"acc_trade_price_24h":331188513477.17233,"acc_trade_volume_24h":2083.83396972,"stream_type":"REALTIME"}';

const KEYS = {
  candle: 'ty cd cdttmu cdttmk op hp lp tp catv catp tms st',
  trade: 'ty cd tms td ttm ttms tp tv ab pcp c cp sid bap bas bbp bbs st',
  ticker:
    'ty cd op hp lp tp pcp atp c cp scp cr scr ab tv atv tdt ttm ttms aav abv h52wp h52wdt l52wp l52wdt ms its dd mw tms atp24h atv24h st',
};

describe('a frame', () => {
  const short = (text: string): string => new Frame(text).bytes('SIMPLE', 'REALTIME').toString();
  const keysOf = (text: string): string =>
    [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key).join(' ');
  const valuesOf = (text: string): string[] => text.slice(1, -1).split(/,?"\w+":/);

  it.each([CANDLE, TRADE, TICKER])('leaves byte for byte as it came: %.40s', (text) => {
    const type = text.includes('SNAPSHOT') ? 'SNAPSHOT' : 'REALTIME';
    expect(new Frame(text).bytes('DEFAULT', type).toString()).toBe(text);
  });

  it.each([
    ['candle', CANDLE.replace('SNAPSHOT', 'REALTIME')],
    ['trade', TRADE],
    ['ticker', TICKER],
  ] as const)(
    'has the short keys of a %s in the same order, and loses no digit',
    (kind, captured) => {
      expect(keysOf(short(captured))).toBe(KEYS[kind]);
      expect(valuesOf(short(captured))).toEqual(valuesOf(captured));
    },
  );

  it('says on which occasion it was sent, and changes nothing else', () => {
    const frame = new Frame(TRADE);
    const snapshot = TRADE.replace('REALTIME', 'SNAPSHOT');
    expect(frame.bytes('DEFAULT', 'SNAPSHOT').toString()).toBe(snapshot);
    expect(frame.bytes('SIMPLE', 'SNAPSHOT').toString()).toContain('"st":"SNAPSHOT"');
    expect(frame.says(new Frame(snapshot))).toBe(true);
    expect(frame.says(new Frame(TRADE.replace('0.01275549', '0.01275550')))).toBe(false);
  });

  it('is a list of one in the list formats', () => {
    const frame = new Frame(TRADE);
    expect(frame.bytes('JSON_LIST', 'REALTIME').toString()).toBe(`[${TRADE}]`);
    expect(frame.bytes('SIMPLE_LIST', 'REALTIME').toString()).toBe(`[${short(TRADE)}]`);
  });

  it('is written once for all who want it so', () => {
    const frame = new Frame(TRADE);
    expect(frame.bytes('SIMPLE', 'REALTIME')).toBe(frame.bytes('SIMPLE', 'REALTIME'));
  });

  it('knows its time and which trade it is', () => {
    expect(new Frame(TRADE)).toMatchObject({ atMs: 1785395043831, tradeId: '17853950437790001' });
    expect(new Frame(TICKER)).toMatchObject({ atMs: 1758875206974, tradeId: undefined });
  });

  it('of a candle is what the exchange sends of it', () => {
    const row = {
      ...{ openMs: Date.parse('2026-07-30T07:45:00Z'), timestampMs: 1785397531885 },
      ...{ open: '91154000.00000000', high: '91157000.00000000', low: '91142000.00000000' },
      ...{ close: '91157000.00000000', volume: '0.15511395', turnover: '14139448.26754000' },
    };
    const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
    expect(candleFrame(series, row).bytes('DEFAULT', 'SNAPSHOT').toString()).toBe(CANDLE);
  });
});
