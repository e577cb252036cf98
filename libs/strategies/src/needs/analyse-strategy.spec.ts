import daily from '../../fixtures/daily_btc.json';
import demo from '../../fixtures/demo_7rule_btc.json';
import { parseStrategy } from '../reading/parse-strategy';
import { analyseStrategy } from './analyse-strategy';
import { mergeNeeds } from './series-need';

/** `15m: 158` for each series of a strategy on KRW-BTC. */
const needsOf = (document: unknown, options?: { startUpError?: number }) =>
  analyseStrategy(parseStrategy(document, 'one'), options).map(
    ({ series, candles }) => `${series.market} ${series.timeframe.code}: ${candles}`,
  );
const withCondition = (condition: object) => ({
  ...{ market: 'KRW-BTC', timeframe: '15m' },
  entry: { type: 'any', conditions: [condition] },
});

describe('what a strategy needs', () => {
  it('is the largest need of each series and a margin of 50', () => {
    const needs = analyseStrategy(parseStrategy(demo));
    expect(needs.map(({ series, candles }) => [series.timeframe.code, candles])).toEqual([
      ['1m', 1 + 50],
      ['5m', 2 + 50],
      ['15m', 108 + 50],
      ['60m', 415 + 1 + 50],
      ['1d', 155 + 50],
    ]);
  });

  it('says of every number where it comes from', () => {
    const reasons = analyseStrategy(parseStrategy(demo)).flatMap((need) => need.reasons);
    expect(reasons).toEqual([
      {
        ...{ where: 'management[0].conditions[0]', variable: 'CURRENT_PRICE', candles: 1 },
        because: 'the candle that is forming',
      },
      {
        ...{ where: 'management[1].conditions[0]', variable: 'price_change_5m', candles: 2 },
        because: 'one candle against the one before it: 2 candles',
      },
      {
        ...{ where: 'entry.conditions[0]', variable: 'RSI 14', candles: 108 },
        because: "Wilder's smoothing of 14: 108 candles leave a start-up error of 0.1 %",
      },
      {
        ...{ where: 'management[2].conditions[0]', variable: 'SMA 20', candles: 21 },
        because: 'the last 20 candles; +1 since it crosses',
      },
      {
        ...{ where: 'management[2].conditions[0].external', variable: 'EMA 120', candles: 416 },
        because:
          'an exponential average of 120: 415 candles leave a start-up error of 0.1 %; +1 since it crosses',
      },
      {
        ...{ where: 'entry.conditions[1]', variable: 'ATR 20', candles: 155 },
        because: "Wilder's smoothing of 20: 155 candles leave a start-up error of 0.1 %",
      },
    ]);
  });

  it('is, in the flat form, the longest period and the margin', () => {
    expect(needsOf(daily)).toEqual(['KRW-BTC 1d: 110']);
    expect(needsOf(daily, { startUpError: 0.000001 })).toEqual(['KRW-BTC 1d: 110']);
  });

  it('grows with the accuracy that is wanted', () => {
    const rsi = withCondition({ variable: 'RSI', operator: '<', value: 25 });
    expect(needsOf(rsi, { startUpError: 0.1 })).toEqual(['KRW-BTC 15m: 96']);
    expect(needsOf(rsi, { startUpError: 0.00001 })).toEqual(['KRW-BTC 15m: 220']);
    expect(() => needsOf(rsi, { startUpError: 0 })).toThrow('above 0 and below 1');
  });

  it.each(['rising', 'falling'])('has one candle more for what is %s', (operator) => {
    const condition = { variable: 'CURRENT_PRICE', operator };
    expect(needsOf(withCondition(condition))).toEqual(['KRW-BTC 15m: 52']);
  });

  it('adds variables within variables up', () => {
    const rsi = { variable: 'RSI', params: { period: 14 } };
    const ema = { variable: 'EMA', params: { period: 26, source: rsi } };
    const sma = (source: object) =>
      withCondition({ variable: 'SMA', params: { period: 20, source }, operator: '>', value: 50 });
    expect(needsOf(sma(rsi))).toEqual([`KRW-BTC 15m: ${19 + 108 + 50}`]);
    expect(needsOf(sma(ema))).toEqual([`KRW-BTC 15m: ${19 + 89 + 108 + 50}`]);
    const [need] = analyseStrategy(parseStrategy(sma(rsi), 'one'));
    expect(need?.reasons[0]).toEqual({
      ...{ where: 'entry.conditions[0]', variable: 'SMA 20 of RSI 14', candles: 127 },
      because:
        "the last 20 candles; these are 20 values of RSI 14, the oldest of which takes 108 candles (Wilder's smoothing of 14: 108 candles leave a start-up error of 0.1 %): 127 together",
    });
  });

  it('may be of another market', () => {
    const external = { variable: 'SMA', params: { period: 5, market: 'KRW-ETH', timeframe: '1h' } };
    const condition = { variable: 'CURRENT_PRICE', operator: '<', external };
    expect(needsOf(withCondition(condition))).toEqual(['KRW-BTC 15m: 51', 'KRW-ETH 60m: 55']);
  });

  it('is nothing for a rule that is disabled', () => {
    const entry = { ...demo.entry, enabled: false };
    expect(needsOf({ ...demo, strategyId: 'one', entry })).not.toContain('KRW-BTC 1d: 205');
  });

  it('is, of several strategies, the largest of each series with all reasons', () => {
    const needs = ['RSI', 'ATR'].map((variable) =>
      analyseStrategy(parseStrategy(withCondition({ variable, operator: '<', value: 1 }), 'one')),
    );
    const merged = mergeNeeds(needs.flat());
    expect(merged.map(({ candles, reasons }) => [candles, reasons.length])).toEqual([[158, 2]]);
    expect(mergeNeeds([])).toEqual([]);
  });
});
