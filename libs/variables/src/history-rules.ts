import { candlesToForget, percentText } from './start-up';

/** The numbers that a variable's parameters may give in candles. */
export const PERIOD_NAMES = ['period', 'fast', 'slow', 'signal', 'k', 'd'] as const;

export type PeriodName = (typeof PERIOD_NAMES)[number];

/** Candles by parameter: `{ period: 14 }`, `{ fast: 12, slow: 26, signal: 9 }`. */
export type Periods = Readonly<Partial<Record<PeriodName, number>>>;

/** How much history a variable wants, in candles. */
export interface CandleNeed {
  /** Enough for a value. */
  readonly minimum: number;
  /** Enough that what came before can change the value by no more than the start-up error. */
  readonly settled: number;
  /** Why, for people. */
  readonly because: string;
}

/** The need of one family of variables; `of` gives a parameter's candles. */
export type HistoryRule = (of: (name: PeriodName) => number, startUpError: number) => CandleNeed;

/** Looks at its last `period` candles and no further. */
export const window: HistoryRule = (of) => exactly(of('period'), `the last ${of('period')}`);

/** Wilder's smoothing keeps 1 - 1/n of the past at each step; it begins with the mean of n changes, which n + 1 candles give. */
export const wilder: HistoryRule = (of, startUpError) => {
  const n = of('period');
  const settled = Math.max(n + 1, n + candlesToForget(1 / n, startUpError));
  return {
    minimum: n + 1,
    settled,
    because: leaves(`Wilder's smoothing of ${n}`, settled, startUpError),
  };
};

/** An exponential average keeps 1 - 2/(n+1) of the past at each step. */
export const exponential: HistoryRule = (of, startUpError) => {
  const n = of('period');
  const settled = Math.max(n, candlesToForget(2 / (n + 1), startUpError));
  return {
    ...{ minimum: n, settled },
    because: leaves(`an exponential average of ${n}`, settled, startUpError),
  };
};

/** The slower of two exponential averages must have settled, then the average of their difference has to settle on that. */
export const convergence: HistoryRule = (of, startUpError) => {
  const [slow, signal] = [Math.max(of('fast'), of('slow')), of('signal')];
  const line = candlesToForget(2 / (slow + 1), startUpError);
  const smoothed = candlesToForget(2 / (signal + 1), startUpError);
  const minimum = slow + signal - 1;
  const settled = Math.max(minimum, line + smoothed);
  const what = `an exponential average of ${slow} (${line} candles) and, of the difference, of ${signal} (${smoothed} more)`;
  return { minimum, settled, because: leaves(what, settled, startUpError) };
};

/** `d` values, each out of the range of `k` candles. */
export const rangeOfCandles: HistoryRule = (of) =>
  exactly(
    of('k') + of('d') - 1,
    `the range of ${of('k')} candles, averaged over ${of('d')}: the last ${of('k') + of('d') - 1}`,
  );

export const newest: HistoryRule = () => ({
  minimum: 1,
  settled: 1,
  because: 'the candle that is forming',
});

export const change: HistoryRule = () => ({
  minimum: 2,
  settled: 2,
  because: 'one candle against the one before it: 2 candles',
});

function exactly(candles: number, what: string): CandleNeed {
  return { minimum: candles, settled: candles, because: `${what} candles` };
}

function leaves(what: string, candles: number, startUpError: number): string {
  return `${what}: ${candles} candles leave a start-up error of ${percentText(startUpError)}`;
}
