import daily from '../../fixtures/daily_btc.json';
import demo from '../../fixtures/demo_7rule_btc.json';
import { StrategyRefused } from '../strategy-refused';
import { parseStrategy } from './parse-strategy';

const [, , trend] = demo.management;
const withParams = (variable: string, params: object) => ({
  ...{ strategyId: 'one', market: 'krw-btc', timeframe: '4h' },
  entry: { type: 'any', conditions: [{ variable, params, operator: '<', value: '25' }] },
});

describe('a strategy', () => {
  it('is read with its rules, entry first', () => {
    const strategy = parseStrategy(demo);
    expect(strategy).toMatchObject({
      ...{ id: 'demo_7rule_btc', positionId: 'pos_001', market: 'KRW-BTC', periods: [] },
    });
    expect(strategy.rules.map(({ where, type }) => `${where} ${type}`)).toEqual([
      ...['entry rsi_oversold', 'management[0] trailing_stop', 'management[1] flash_crash'],
      'management[2] trend',
    ]);
  });

  it('follows its position’s timeframe where it says so, or says nothing', () => {
    const silent = { ...trend, conditions: [{ variable: 'RSI', operator: '<', value: 1 }] };
    const { rules } = parseStrategy({ ...demo, management: [trend, silent] });
    const codes = rules
      .slice(1)
      .flatMap(({ conditions }) =>
        conditions.flatMap(({ series, external }) => [series, external?.series ?? series]),
      );
    expect(codes.map(({ timeframe }) => timeframe.code)).toEqual(['15m', '60m', '15m', '15m']);
  });

  it('is read in the flat form, under the name it was given by', () => {
    const { id, rules, periods, timeframe } = parseStrategy(daily, 'daily_btc');
    expect({ id, rules, code: timeframe.code }).toEqual({ id: 'daily_btc', rules: [], code: '1d' });
    expect(periods.map(({ variable, candles }) => [variable, candles])).toEqual([
      ...[
        ['RSI', 14],
        ['ATR', 20],
        ['VOLUME', 30],
        ['HIGH_PRICE', 60],
      ],
    ]);
  });

  it('may hold its numbers as texts and its market in any letter case', () => {
    const { market, timeframe, rules } = parseStrategy(withParams('RSI', { period: ' 14 ' }));
    expect([market, timeframe.code]).toEqual(['KRW-BTC', '240m']);
    expect(rules[0]?.conditions[0]).toMatchObject({ value: 25, periods: { period: 14 } });
    const flat = parseStrategy({ symbol: 'KRW-BTC', timeframe: '1M', MACD_slow_period: '26' }, 'x');
    expect(flat.periods).toEqual([{ field: 'MACD_slow_period', variable: 'MACD', candles: 26 }]);
  });

  it.each([
    ...['1s', '1m', '3m', '5m', '10m', '15m', '30m', '60m', '240m', '1h', '4h'],
    ...['1d', '1w', '1M', '1y'],
  ])('may be of %s', (timeframe) => {
    expect(() => parseStrategy({ ...daily, timeframe }, 'one')).not.toThrow();
  });

  it('has all variables as they usually are where nothing else is said', () => {
    const { rules } = parseStrategy(withParams('MACD', { signal: 5 }));
    expect(rules[0]?.conditions[0]?.periods).toEqual({ fast: 12, slow: 26, signal: 5 });
  });

  it('has one name', () => {
    expect(parseStrategy(demo, 'demo_7rule_btc').id).toBe('demo_7rule_btc');
    expect(() => parseStrategy(demo, 'other')).toThrow(/strategyId: expected "other", the name/);
    expect(() => parseStrategy(daily)).toThrow(/strategyId: expected a name for the strategy/);
    expect(() => parseStrategy(daily, 'a/b')).toThrow(/id: expected 1 to 64 .*"a\/b" is none/);
  });
});

describe('a document that is no strategy', () => {
  it.each([undefined, null, 7, 'text', [], {}, { entry: null }, { symbol: 1 }, [[]]])(
    'is refused, not a fault: %j',
    (given) => {
      expect(() => parseStrategy(given, 'one')).toThrow(StrategyRefused);
    },
  );

  it('is refused where it nests without end, is too long, or cannot be kept', () => {
    const nested = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);
    expect(() => parseStrategy(nested, 'one')).toThrow('nesting of at most 16 levels');
    const long = { ...demo, positionId: 'x'.repeat(70_000) };
    expect(() => parseStrategy(long)).toThrow(/at most 65536 bytes; it has 7\d{4}/);
    for (const type of ['a\0b', 'a\ud800b']) {
      expect(() => parseStrategy({ ...demo, entry: { ...demo.entry, type } })).toThrow(
        'document: expected texts of whole characters, without NUL',
      );
    }
  });
});
