import { candleNeed, type CandleNeed, START_UP_ERROR, type Variable } from '@candlekeep/variables';
import { recordedCandles } from '../../../../test/support/recorded-candles';
import { secondOpinion } from '../../../../test/support/calculator/second-opinion';
import { type Bar, barOf } from './bar';
import { readVariable } from './reading';

const LONG = 3_000;
/** Candles between two moments that are looked at. */
const APART = 41;

const spreadOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** What the table's start-up error is a share of: the spread of what is averaged; the hundred points of an RSI. */
function scaleOf(variable: Variable, bars: readonly Bar[]): number {
  if (variable === 'RSI') return 100;
  if (variable !== 'ATR') return spreadOf(bars.map(({ close }) => close));
  const ranges = bars.slice(1).map(({ high, low }, i) => {
    const before = bars[i]?.close ?? NaN;
    return Math.max(high, before) - Math.min(low, before);
  });
  return spreadOf(ranges);
}

/** The largest distance, as a share of the scale, of our value of few candles from a second library's of all candles before. */
function worstError(variable: Variable, bars: readonly Bar[], few: keyof CandleNeed): number {
  const candles = Number(candleNeed(variable)[few]);
  const moments = Array.from({ length: Math.floor(bars.length / 2 / APART) }, (_, i) =>
    bars.slice(0, bars.length - i * APART),
  );
  const errors = moments.flatMap((history) => {
    const ours = readVariable(variable, history.slice(-candles)).values ?? {};
    const truth = secondOpinion(variable, history);
    return Object.entries(ours).map(
      ([name, value]) => Math.abs(value - (truth[name] ?? NaN)) / scaleOf(variable, history),
    );
  });
  expect(errors.length).toBeGreaterThan(0);
  return Math.max(...errors);
}

describe.each([
  'upbit_KRW-BTC_1m_20250901_20251004',
  'upbit_KRW-ETH_15m_2024',
  'upbit_KRW-BTC_1d_20240101_20260101',
  'upbit_KRW-KNC_3m_20230711_20230811',
])('of recorded candles (%s), with a second library as the witness of long history', (name) => {
  const bars = recordedCandles(name).slice(-LONG).map(barOf);

  it.each(['RSI', 'EMA', 'MACD', 'ATR'] as const)(
    '%s of as many candles as the table says lies within the start-up error',
    (variable) => {
      expect(worstError(variable, bars, 'settled')).toBeLessThanOrEqual(START_UP_ERROR);
    },
  );

  it.each(['RSI', 'EMA', 'MACD', 'ATR'] as const)(
    '%s of as many as just give a value lies outside it: more are wanted than a formula takes',
    (variable) => {
      expect(worstError(variable, bars, 'minimum')).toBeGreaterThan(START_UP_ERROR);
    },
  );
});

describe('a variable whose history is short', () => {
  const bars = recordedCandles('upbit_KRW-BTC_1m_20250901_20251004').slice(0, 200).map(barOf);

  it.each(['RSI', 'SMA', 'EMA', 'MACD', 'STOCHASTIC', 'ATR', 'VOLUME', 'price_change_5m'] as const)(
    '%s has no value, and one as soon as there is one candle more',
    (variable) => {
      const { minimum } = candleNeed(variable);
      const short = readVariable(variable, bars.slice(0, minimum - 1));
      expect(short).toMatchObject({ values: undefined, candles: minimum - 1, need: { minimum } });
      const { values } = readVariable(variable, bars.slice(0, minimum));
      expect(Object.values(values ?? { none: NaN }).every(Number.isFinite)).toBe(true);
    },
  );

  it('has none of no candles at all', () => {
    expect(readVariable('CURRENT_PRICE', []).values).toBeUndefined();
  });
});
