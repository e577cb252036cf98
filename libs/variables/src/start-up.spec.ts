import fc from 'fast-check';
import { SeededRandom } from '../../../test/support/seeded-random';
import { candleNeed } from './candle-need';

interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** A walk whose steps are at least half as long as the longest, except for leaps that are ten times as long. */
function walk(seed: number, { length, leaps }: { length: number; leaps: number }): readonly Bar[] {
  const random = new SeededRandom(seed);
  let close = 10_000;
  return Array.from({ length }, () => {
    const size = (2 + 2 * random.next()) * (random.chance(leaps) ? 10 : 1);
    const open = close;
    close += random.chance(0.5) ? size : -size;
    const [high, low] = [Math.max(open, close) + random.next(), Math.min(open, close)];
    return { close, high, low };
  });
}

/** From the first value on. */
const emaOf = (values: readonly number[], n: number): number[] => {
  let average = values[0] ?? NaN;
  return values.map((value) => (average += (value - average) * (2 / (n + 1))));
};
/** From the mean of the first n values on, one result for each value from the n-th. */
const wilderOf = (values: readonly number[], n: number): number[] => {
  let average = values.slice(0, n).reduce((sum, value) => sum + value / n, 0);
  return [average, ...values.slice(n).map((value) => (average += (value - average) / n))];
};
const changesOf = (closes: readonly number[]): number[] =>
  closes.slice(1).map((close, i) => close - (closes[i] ?? NaN));
const rsiOf = (closes: readonly number[], n: number): number[] => {
  const changes = changesOf(closes);
  const gains = wilderOf(
    changes.map((change) => Math.max(change, 0)),
    n,
  );
  return wilderOf(changes.map(Math.abs), n).map((all, i) => (100 * (gains[i] ?? NaN)) / all);
};
const rangesOf = (bars: readonly Bar[]): number[] =>
  bars.slice(1).map(({ high, low }, i) => {
    const before = bars[i]?.close ?? NaN;
    return Math.max(high, before) - Math.min(low, before);
  });
const macdOf = (
  closes: readonly number[],
  [fast, slow, signal]: readonly [number, number, number],
) => {
  const slower = emaOf(closes, slow);
  const line = emaOf(closes, fast).map((value, i) => value - (slower[i] ?? NaN));
  return emaOf(line, signal);
};
const smaOf = (values: readonly number[], n: number): number =>
  values.slice(-n).reduce((sum, value) => sum + value / n, 0);
const closesOf = (bars: readonly Bar[]): number[] => bars.map(({ close }) => close);
const spreadOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** How far the last value of `need` candles lies from that of five times as many. */
function error(
  { need, seed, leaps = 0.02 }: { need: number; seed: number; leaps?: number },
  value: (bars: readonly Bar[]) => number | undefined,
) {
  const bars = walk(seed, { length: 5 * need, leaps });
  const settled = value(bars.slice(-need)) ?? NaN;
  return { difference: Math.abs(settled - (value(bars) ?? NaN)), bars };
}

const seeds = fc.integer();
const periods = fc.integer({ min: 2, max: 60 });
const bounds = fc.constantFrom(0.5, 0.25, 0.1, 0.01, 0.001, 0.0001);

describe('what came before the candles that are needed changes a value by no more than the start-up error', () => {
  it('for EMA, of the closes’ spread', () => {
    fc.assert(
      fc.property(seeds, periods, bounds, (seed, n, bound) => {
        const need = candleNeed('EMA', n, bound).settled;
        const { difference, bars } = error({ need, seed }, (some) =>
          emaOf(closesOf(some), n).at(-1),
        );
        expect(difference).toBeLessThanOrEqual(bound * spreadOf(closesOf(bars)));
      }),
    );
  });

  it('for MACD’s signal, of the closes’ spread', () => {
    const triples = fc.tuple(periods, periods, periods);
    fc.assert(
      fc.property(seeds, triples, bounds, (seed, [fast, slow, signal], bound) => {
        const need = candleNeed('MACD', { fast, slow, signal }, bound).settled;
        const { difference, bars } = error({ need, seed }, (some) =>
          macdOf(closesOf(some), [fast, slow, signal]).at(-1),
        );
        expect(difference).toBeLessThanOrEqual(bound * spreadOf(closesOf(bars)));
      }),
    );
  });

  it('for ATR, of the true ranges’ spread', () => {
    fc.assert(
      fc.property(seeds, periods, bounds, (seed, n, bound) => {
        const need = candleNeed('ATR', n, bound).settled;
        const { difference, bars } = error({ need, seed }, (some) =>
          wilderOf(rangesOf(some), n).at(-1),
        );
        expect(difference).toBeLessThanOrEqual(bound * spreadOf(rangesOf(bars)));
      }),
    );
  });

  it('for RSI, of its hundred points, where changes then were like changes now', () => {
    fc.assert(
      fc.property(seeds, periods, bounds, (seed, n, bound) => {
        const need = candleNeed('RSI', n, bound).settled;
        const rsi = (some: readonly Bar[]) => rsiOf(closesOf(some), n).at(-1);
        const { difference } = error({ need, seed, leaps: 0 }, rsi);
        expect(difference).toBeLessThanOrEqual(bound * 100);
      }),
    );
  });

  it('for RSI after leaps, by as much more as the largest change is larger than the average one now', () => {
    fc.assert(
      fc.property(seeds, periods, bounds, (seed, n, bound) => {
        const need = candleNeed('RSI', n, bound).settled;
        const { difference, bars } = error({ need, seed }, (some) =>
          rsiOf(closesOf(some), n).at(-1),
        );
        const sizes = changesOf(closesOf(bars)).map(Math.abs);
        const ratio = Math.max(...sizes) / (wilderOf(sizes, n).at(-1) ?? NaN);
        expect(difference).toBeLessThanOrEqual(bound * 100 * ratio);
      }),
    );
  });

  it('for averages of an RSI, of its hundred points', () => {
    fc.assert(
      fc.property(seeds, periods, periods, bounds, (seed, outer, n, bound) => {
        const inner = candleNeed('RSI', n, bound).settled;
        for (const variable of ['SMA', 'EMA'] as const) {
          const need = candleNeed(variable, outer, bound).settled - 1 + inner;
          const { difference } = error({ need, seed, leaps: 0 }, (some) => {
            const values = rsiOf(closesOf(some), n);
            return variable === 'SMA' ? smaOf(values, outer) : emaOf(values, outer).at(-1);
          });
          expect(difference).toBeLessThanOrEqual(bound * 100);
        }
      }),
    );
  });

  it('and not at all for what looks at its window alone', () => {
    fc.assert(
      fc.property(seeds, periods, (seed, n) => {
        const need = candleNeed('SMA', n).settled;
        expect(error({ need, seed }, (some) => smaOf(closesOf(some), n)).difference).toBe(0);
        const { settled } = candleNeed('STOCHASTIC', { k: n, d: 3 });
        expect(error({ need: settled, seed }, (some) => stochasticOf(some, n, 3)).difference).toBe(
          0,
        );
      }),
    );
  });
});

/** The mean of the last `d` places of the close in the range of `k` candles. */
function stochasticOf(bars: readonly Bar[], k: number, d: number): number {
  const places = Array.from({ length: d }, (_, back) => {
    const range = bars.slice(bars.length - back - k, bars.length - back);
    const low = Math.min(...range.map((bar) => bar.low));
    const high = Math.max(...range.map((bar) => bar.high));
    return ((range.at(-1)?.close ?? NaN) - low) / (high - low);
  });
  return smaOf(places, d);
}
