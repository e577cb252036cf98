import fc from 'fast-check';
import type { Candle } from './candle';
import { textOfScaled } from './decimal';
import { fold, foldInto } from './fold';
import { Timeframe } from './timeframe';

const MINUTE_MS = 60_000;

describe('fold', () => {
  it('of nothing is nothing', () => {
    expect(fold([], 0)).toBeUndefined();
  });

  it('leaves a day’s change out, because the previous close is not among the parts', () => {
    const daily = { previousClose: '1.00000000', change: '0.00000000', changeRate: '0.0000000000' };
    expect(fold([{ ...candle(0, [1n, 1n, 1n, 1n]), daily }], 0)).not.toHaveProperty('daily');
  });

  it('opens where it is told, even when the first part came later', () => {
    expect(fold([candle(2 * MINUTE_MS, [5n, 5n, 5n, 5n])], 0)?.openMs).toBe(0);
  });

  it('compares prices as numbers, not as text', () => {
    const parts = [candle(0, [9n, 9n, 9n, 9n]), candle(MINUTE_MS, [10n, 10n, 10n, 10n])];
    expect(fold(parts, 0)).toMatchObject({ high: textOfScaled(10n), low: textOfScaled(9n) });
    const wide = [
      candle(0, [9n * 10n ** 8n, 9n * 10n ** 8n, 9n * 10n ** 8n, 9n * 10n ** 8n]),
      candle(1, [10n ** 9n, 10n ** 9n, 10n ** 9n, 10n ** 9n]),
    ];
    expect(fold(wide, 0)).toMatchObject({ high: '10.00000000', low: '9.00000000' });
  });

  it('of folds is the fold of all parts, however they are grouped', () => {
    fc.assert(
      fc.property(anyCandles, fc.array(fc.nat({ max: 20 }), { maxLength: 6 }), (parts, cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), parts.length];
        const groups = edges.slice(1).map((until, index) => parts.slice(edges[index], until));
        const folds = groups.flatMap((group) => fold(group, group[0]?.openMs ?? 0) ?? []);
        expect(fold(folds, 0)).toEqual(fold(parts, 0));
      }),
    );
  });

  it('depends on the order only for the open and the close', () => {
    fc.assert(
      fc.property(anyCandles, (parts) => {
        const forward = fold(parts, 0);
        const backward = fold(parts.toReversed(), 0);
        expect(backward).toEqual({ ...forward, open: backward?.open, close: backward?.close });
        expect([forward?.open, forward?.close]).toEqual([parts[0]?.open, parts.at(-1)?.close]);
      }),
    );
  });

  it('bounds all prices of all parts by its high and its low', () => {
    fc.assert(
      fc.property(anyCandles, (parts) => {
        const folded = fold(parts, 0);
        const highs = parts.map(({ high }) => Number(high));
        const lows = parts.map(({ low }) => Number(low));
        expect(Number(folded?.high)).toBe(Math.max(...highs));
        expect(Number(folded?.low)).toBe(Math.min(...lows));
      }),
    );
  });
});

describe('foldInto', () => {
  it('makes one candle of each slot that has any part, and none of a slot that has none', () => {
    fc.assert(
      fc.property(
        fc.subarray(minutesOfAnHour),
        fc.constantFrom('3m', '15m', '60m'),
        (own, code) => {
          const timeframe = Timeframe.parse(code);
          const opens = [...new Set(own.map(({ openMs }) => timeframe.floor(openMs)))];
          const expected = opens.map((openMs) =>
            fold(
              own.filter(({ openMs: at }) => timeframe.floor(at) === openMs),
              openMs,
            ),
          );
          expect(foldInto(timeframe, own)).toEqual(expected);
        },
      ),
    );
  });

  it('follows the calendar', () => {
    const days = [31, 1, 29].map((day, index) =>
      candle(Date.UTC(2024, index, day), [1n, 1n, 1n, 1n]),
    );
    const months = foldInto(Timeframe.parse('1M'), days).map(({ openMs }) => openMs);
    expect(months).toEqual([Date.UTC(2024, 0), Date.UTC(2024, 1), Date.UTC(2024, 2)]);
    const year = foldInto(Timeframe.parse('1y'), days);
    expect(year).toEqual([fold(days, Date.UTC(2024, 0))]);
  });
});

type Prices = readonly [bigint, bigint, bigint, bigint];

/** Scaled prices that fit a double exactly, so that a model may compare them as numbers. */
const anyPrice = fc.bigInt({ min: 1n, max: 10n ** 12n });
const anyCandles = fc
  .array(fc.tuple(anyPrice, anyPrice, anyPrice, anyPrice), { minLength: 1, maxLength: 20 })
  .map((rows) => rows.map((row, index) => candle(index * MINUTE_MS, row)));

const minutesOfAnHour = Array.from({ length: 60 }, (_, minute) =>
  candle(minute * MINUTE_MS, [BigInt(minute + 1), 7n, 3n, BigInt(minute + 2)]),
);

function candle(openMs: number, [first, second, third, last]: Prices): Candle {
  const sorted = [first, second, third, last].sort((a, b) => (a < b ? -1 : 1));
  return {
    openMs,
    open: textOfScaled(first),
    high: textOfScaled(sorted.at(-1) ?? first),
    low: textOfScaled(sorted[0] ?? first),
    close: textOfScaled(last),
    timestampMs: openMs + Number(third % 70_000n),
    turnover: textOfScaled(second * third),
    volume: textOfScaled(second),
  };
}
