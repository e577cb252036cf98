import { parseMarketCode, Timeframe, type Candle } from '@candlekeep/market';
import { candleBody } from './candle-body';
import { etagOf } from './send-reply';

/** Bodies captured from the exchange on 2026-03-11 with the ETags they came with, so no byte of them can have changed. */
const CAPTURED = [
  {
    code: '1s',
    etag: 'W/"0d58aff73ea3905a461dd4a4c52108fe2"',
    body: '[{"market":"KRW-BTC","candle_date_time_utc":"2026-03-11T14:40:58","candle_date_time_kst":"2026-03-11T23:40:58","opening_price":103460000.00000000,"high_price":103460000.00000000,"low_price":103458000.00000000,"trade_price":103458000.00000000,"timestamp":1773240058227,"candle_acc_trade_price":2654722.02446000,"candle_acc_trade_volume":0.02565970}]',
  },
  {
    code: '1m',
    etag: 'W/"0a8e7aea04abff309a8a41bc33b086c11"',
    body: '[{"market":"KRW-BTC","candle_date_time_utc":"2026-03-11T14:40:00","candle_date_time_kst":"2026-03-11T23:40:00","opening_price":103600000.00000000,"high_price":103600000.00000000,"low_price":103425000.00000000,"trade_price":103460000.00000000,"timestamp":1773240059132,"candle_acc_trade_price":164899503.14206000,"candle_acc_trade_volume":1.59335120,"unit":1}]',
  },
  {
    code: '1d',
    etag: 'W/"0e2f0e810adeff5a52edede46f10a87be"',
    body: '[{"market":"KRW-BTC","candle_date_time_utc":"2026-03-11T00:00:00","candle_date_time_kst":"2026-03-11T09:00:00","opening_price":102417000.00000000,"high_price":103988000.00000000,"low_price":101150000.00000000,"trade_price":103460000.00000000,"timestamp":1773240059132,"candle_acc_trade_price":104890599315.22821000,"candle_acc_trade_volume":1024.30999241,"prev_closing_price":102417000.00000000,"change_price":1043000.00000000,"change_rate":0.0101838562}]',
  },
  {
    code: '1y',
    etag: 'W/"04d6f240fd20db2771af2f44a98eec345"',
    body: '[{"market":"KRW-BTC","candle_date_time_utc":"2026-01-01T00:00:00","candle_date_time_kst":"2026-01-01T09:00:00","opening_price":128000000.00000000,"high_price":143050000.00000000,"low_price":89000000.00000000,"trade_price":103458000.00000000,"timestamp":1773240058227,"candle_acc_trade_price":17343033068679.96786000,"candle_acc_trade_volume":158145.17293000,"first_day_of_period":"2026-01-01"}]',
  },
];

describe('a candle body', () => {
  it.each(CAPTURED)('of $code rows is the exchange’s, byte for byte', ({ code, etag, body }) => {
    const market = parseMarketCode('KRW-BTC');
    const shape = { market, timeframe: Timeframe.parse(code), withConvertedPrice: false };
    const rendered = candleBody([candleFrom(body)], shape);
    expect(rendered).toBe(body);
    expect(etagOf(Buffer.from(rendered))).toBe(etag);
  });

  it('ends day rows with a null conversion when one was asked for', () => {
    const market = parseMarketCode('KRW-ETH');
    const captured =
      '[{"market":"KRW-ETH","candle_date_time_utc":"2023-02-04T00:00:00","candle_date_time_kst":"2023-02-04T09:00:00","opening_price":2089000.00000000,"high_price":2099000.00000000,"low_price":2080000.00000000,"trade_price":2087000.00000000,"timestamp":1675483389080,"candle_acc_trade_price":9743880531.14714000,"candle_acc_trade_volume":4656.79844363,"prev_closing_price":2091000.00000000,"change_price":-4000.00000000,"change_rate":-0.0019129603,"converted_trade_price":null}]';
    const shape = { market, timeframe: Timeframe.parse('1d'), withConvertedPrice: true };
    expect(candleBody([candleFrom(captured)], shape)).toBe(captured);
  });

  it('without rows is an empty array', () => {
    const shape = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
    expect(candleBody([], { ...shape, withConvertedPrice: false })).toBe('[]');
  });
});

/** Takes the values out of a body as text, so that the renderer has to put every digit back. */
function candleFrom(body: string): Candle {
  const text = (key: string): string => new RegExp(`"${key}":"?([^,"}]+)`).exec(body)?.[1] ?? '';
  const plain = {
    openMs: Date.parse(`${text('candle_date_time_utc')}Z`),
    open: text('opening_price'),
    high: text('high_price'),
    low: text('low_price'),
    close: text('trade_price'),
    timestampMs: Number(text('timestamp')),
    turnover: text('candle_acc_trade_price'),
    volume: text('candle_acc_trade_volume'),
  };
  if (text('change_rate') === '') return plain;
  const daily = {
    previousClose: text('prev_closing_price'),
    change: text('change_price'),
    changeRate: text('change_rate'),
  };
  return { ...plain, daily };
}
