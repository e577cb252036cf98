import demo from '../../fixtures/demo_7rule_btc.json';
import { StrategyRefused } from '../strategy-refused';
import { parseStrategy } from './parse-strategy';

/** `field: expected` of everything that is wrong. */
function problemsOf(given: unknown): readonly string[] {
  try {
    parseStrategy(given, 'one');
  } catch (error) {
    if (!(error instanceof StrategyRefused)) throw error;
    return error.problems.map(({ field, expected }) => `${field}: ${expected}`);
  }
  return [];
}
const head = { market: 'KRW-BTC', timeframe: '15m' };
const entryOf = (...conditions: readonly unknown[]) => ({
  ...head,
  entry: { type: 'any', conditions },
});

describe('what is wrong with a strategy', () => {
  it('is told all at once, each with its place and what would be right', () => {
    const given = {
      ...{ strategyId: 'one', market: 'BTC', timeframe: '2m', colour: 'red' },
      entry: { type: '', enabled: 'yes', conditions: [{ variable: 'RSII', operator: '=<' }] },
      management: [
        {
          type: 'a',
          conditions: [
            {
              variable: 'SMA',
              params: { period: '14abc' },
              operator: '<',
              value: 1,
              external: { variable: 'EMA' },
            },
          ],
        },
        { type: 'b', priority: -1, conditions: [] },
      ],
    };
    const problems = problemsOf(given);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      ...['market', 'timeframe'],
      ...['entry.type', 'entry.enabled', 'entry.conditions[0].variable'],
      ...['entry.conditions[0].operator', 'entry.conditions[0].value'],
      ...['management[0].conditions[0].params.period', 'management[0].conditions[0].external'],
      ...['management[1].priority', 'management[1].conditions', 'colour'],
    ]);
    expect(problems.join('\n')).toMatch(/market: expected one pair such as KRW-BTC; "BTC" is none/);
    expect(problems.join('\n')).toMatch(/timeframe: expected one of 1s, 1m, .*; "2m" is none/);
    expect(problems.join('\n')).toMatch(
      /variable: expected one of RSI, SMA, .*price_change_<1, 3.*"RSII" is none; did you mean RSI\?/,
    );
    expect(problems.join('\n')).toMatch(
      /operator: expected one of <, <=, .*crosses_above.*"=<" is none/,
    );
    expect(problems.join('\n')).toMatch(/params.period: expected a whole number.*"14abc" is none/);
    expect(problems.join('\n')).toMatch(/colour: expected only strategyId, .*management/);
  });

  it.each([
    [
      'RSI',
      { period: 1 },
      /params.period: expected a whole number from 2 to 240 for RSI; 1 is none/,
    ],
    ['SMA', { period: '241' }, /from 1 to 240 for SMA; 241 is none/],
    ['MACD', { slow: 61 }, /params.slow: .*from 1 to 60 for MACD; 61 is none/],
    ['EMA', { period: 1.5 }, /params.period: .*; 1.5 is none/],
    ['EMA', { perriod: 9 }, /params.perriod: expected only period, .*did you mean period\?/],
    [
      'RSI',
      { fast: 9 },
      /params.fast: expected no fast: RSI takes only period, timeframe, market, source/,
    ],
    [
      'ATR',
      { source: { variable: 'RSI' } },
      /params.source: expected no source: ATR takes only period, /,
    ],
    [
      'CURRENT_PRICE',
      { period: 2 },
      /expected no period: CURRENT_PRICE takes only timeframe, market/,
    ],
    ['price_change_5m', { timeframe: '1h' }, /params.timeframe: expected 5m or nothing: the name/],
    [
      'SMA',
      { source: { variable: 'price_change_5m' } },
      /source.variable: .*a timeframe of its own/,
    ],
    [
      'SMA',
      { source: { variable: 'RSI', params: { timeframe: '1h' } } },
      /source.params.timeframe: expected no timeframe/,
    ],
    ['RSI', { timeframe: '1D' }, /params.timeframe: .*position_follow; "1D" is none/],
    ['RSI', { market: 'x' }, /params.market: expected one pair/],
    ['RSI', 7, /params: expected a JSON object; 7 is none/],
  ])('with %s of %j', (variable, params, told) => {
    const problems = problemsOf(entryOf({ variable, params, operator: '<', value: 1 }));
    expect(problems).toEqual([expect.stringMatching(told)]);
  });

  it('with a condition is that it holds a variable against nothing, or against two things, or that it should not', () => {
    const external = { variable: 'EMA' };
    const problems = problemsOf(
      entryOf(
        { variable: 'RSI', operator: '<' },
        { variable: 'RSI', operator: '<', value: 1, external },
        { variable: 'RSI', operator: 'rising', value: 1, external },
        { variable: 'RSI', operator: '<', value: 'low' },
      ),
    );
    expect(problems).toEqual([
      'entry.conditions[0].value: expected a number here, or a variable in "external"; both are missing',
      'entry.conditions[1].external: expected either "value" or "external"; both are given',
      'entry.conditions[2].value: expected none: rising holds the variable against its own last value',
      'entry.conditions[2].external: expected none: rising holds the variable against its own last value',
      'entry.conditions[3].value: expected a number; "low" is none',
    ]);
  });

  it('is also that there is too much of it', () => {
    const [rule] = demo.management;
    const condition = { variable: 'RSI', operator: '<', value: 1 };
    const sources = Array.from({ length: 4 }).reduce<object>(
      (source) => ({ variable: 'SMA', params: { source } }),
      { variable: 'RSI' },
    );
    const many = {
      ...entryOf(...Array.from({ length: 21 }, () => condition)),
      management: Array(6).fill(rule),
    };
    expect(problemsOf(many)).toEqual([
      'entry.conditions: expected 1 to 20 conditions in a list',
      'management: expected a list of at most 5 rules',
    ]);
    expect(problemsOf(entryOf({ ...condition, ...sources }))).toEqual([
      'entry.conditions[0].params.source: expected at most 3 sources within one another',
    ]);
    expect(problemsOf({ ...head, entry: [rule] })).toEqual([
      expect.stringMatching(/^entry: expected a JSON object; \[/),
    ]);
  });

  it('is also that there is none of it', () => {
    expect(problemsOf(head)).toEqual([
      'entry: expected a rule here or in "management"; there is none',
    ]);
    expect(problemsOf({ symbol: 'KRW-BTC', timeframe: '1d' })).toEqual([
      expect.stringMatching(/^RSI_period: expected at least one period/),
    ]);
  });

  it('in the flat form has the same words', () => {
    expect(
      problemsOf({
        symbol: 'KRW-BTC',
        market: 'KRW-ETH',
        timeframe: '1d',
        RSI_period: 1,
        RSII_period: 3,
      }),
    ).toEqual([
      expect.stringMatching(/^RSI_period: expected a whole number from 2 to 240; 1 is none$/),
      expect.stringMatching(/^RSII_period: expected only .*did you mean RSI_period\?$/),
      'symbol: expected either "market" or "symbol"; both are given',
    ]);
  });
});
