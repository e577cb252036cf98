import { InvalidValue, parseMarketCode, Timeframe } from '@candlekeep/market';
import { candleTarget } from './candle-request';

const market = parseMarketCode('KRW-BTC');
const toMs = Date.UTC(2026, 2, 11, 14, 40);

describe('candle request', () => {
  it.each([
    ['1s', '/v1/candles/seconds'],
    ['1m', '/v1/candles/minutes/1'],
    ['240m', '/v1/candles/minutes/240'],
    ['1d', '/v1/candles/days'],
    ['1w', '/v1/candles/weeks'],
    ['1M', '/v1/candles/months'],
    ['1y', '/v1/candles/years'],
  ])('asks %s at %s', (code, path) => {
    const series = { market, timeframe: Timeframe.parse(code) };
    expect(candleTarget({ series, count: 200 })).toBe(`${path}?market=KRW-BTC&count=200`);
  });

  it('prints `to` as an encoded UTC second', () => {
    expect(
      candleTarget({ series: { market, timeframe: Timeframe.parse('1m') }, toMs, count: 1 }),
    ).toBe('/v1/candles/minutes/1?market=KRW-BTC&to=2026-03-11T14%3A40%3A00Z&count=1');
  });

  it('rounds a fraction of a second up, so that no candle before it is left out', () => {
    const series = { market, timeframe: Timeframe.parse('1s') };
    expect(candleTarget({ series, toMs: toMs + 1, count: 1 })).toContain('14%3A40%3A01Z');
  });

  it.each([0, -1, 201, 1.5, NaN])('refuses a count of %d before anything is sent', (count) => {
    const series = { market, timeframe: Timeframe.parse('1m') };
    expect(() => candleTarget({ series, count })).toThrow(InvalidValue);
  });
});
