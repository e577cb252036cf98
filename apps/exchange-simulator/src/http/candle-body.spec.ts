import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { candleBody } from './candle-body';

/** The values of a row captured on 2023-02-04. */
const CANDLE = {
  openMs: Date.UTC(2023, 1, 4),
  open: '2089000.00000000',
  high: '2099000.00000000',
  low: '2080000.00000000',
  close: '2087000.00000000',
  timestampMs: 1_675_483_389_080,
  turnover: '9743880531.14714000',
  volume: '4656.79844363',
  daily: {
    previousClose: '2091000.00000000',
    change: '-4000.00000000',
    changeRate: '-0.0019129603',
  },
};

describe('a candle body', () => {
  it('ends day rows with a null conversion when one was asked for', () => {
    const market = parseMarketCode('KRW-ETH');
    const captured =
      '[{"market":"KRW-ETH","candle_date_time_utc":"2023-02-04T00:00:00","candle_date_time_kst":"2023-02-04T09:00:00","opening_price":2089000.00000000,"high_price":2099000.00000000,"low_price":2080000.00000000,"trade_price":2087000.00000000,"timestamp":1675483389080,"candle_acc_trade_price":9743880531.14714000,"candle_acc_trade_volume":4656.79844363,"prev_closing_price":2091000.00000000,"change_price":-4000.00000000,"change_rate":-0.0019129603,"converted_trade_price":null}]';
    const shape = { market, timeframe: Timeframe.parse('1d'), withConvertedPrice: true };
    expect(candleBody([CANDLE], shape)).toBe(captured);
  });

  it('without rows is an empty array', () => {
    const shape = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
    expect(candleBody([], { ...shape, withConvertedPrice: false })).toBe('[]');
  });
});
