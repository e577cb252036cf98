import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Candle } from './candle';
import { decimalText, textOfScaled } from './decimal';
import { fold } from './fold';
import { Timeframe } from './timeframe';

const MINUTE_MS = 60_000;

describe('fold, over recorded candles', () => {
  it('makes the exchange’s own 3-minute candles of its 1-minute candles, in every field', () => {
    const minutes = recorded('upbit_KRW-BTC_1m_20200220_full_fields');
    const native = byOpen(recorded('upbit_KRW-BTC_3m_20200220_full_fields'));
    const compared = foldsOf(minutes, '3m').filter(({ openMs }) => native.has(openMs));
    expect(compared).toHaveLength(60);
    for (const folded of compared) expect(folded).toEqual(native.get(folded.openMs));
  });

  it('makes the exchange’s own hours of a month of minutes, with holes in some hours', () => {
    const minutes = recorded('upbit_KRW-BTC_1m_20250901_20251004');
    const native = byOpen(recorded('upbit_KRW-BTC_60m_20200101_20251017'));
    // The recording ends inside its last hour.
    const hours = foldsOf(minutes, '60m').slice(0, -1);
    expect(hours).toHaveLength(793);
    for (const hour of hours) expect(prices(hour)).toEqual(prices(native.get(hour.openMs)));
  });
});

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

type Prices = readonly [bigint, bigint, bigint, bigint];

/** Scaled prices that fit a double exactly, so that a model may compare them as numbers. */
const anyPrice = fc.bigInt({ min: 1n, max: 10n ** 12n });
const anyCandles = fc
  .array(fc.tuple(anyPrice, anyPrice, anyPrice, anyPrice), { minLength: 1, maxLength: 20 })
  .map((rows) => rows.map((row, index) => candle(index * MINUTE_MS, row)));

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

function foldsOf(minutes: readonly Candle[], code: string): Candle[] {
  const timeframe = Timeframe.parse(code);
  const slots = new Map<number, Candle[]>();
  for (const minute of minutes) {
    const openMs = timeframe.floor(minute.openMs);
    slots.set(openMs, [...(slots.get(openMs) ?? []), minute]);
  }
  return [...slots].flatMap(([openMs, parts]) => fold(parts, openMs) ?? []);
}

function byOpen(candles: readonly Candle[]): Map<number, Candle> {
  return new Map(candles.map((one) => [one.openMs, one]));
}

/** What the recordings without turnover and timestamp still prove. */
function prices(one: Candle | undefined) {
  return one && [one.openMs, one.open, one.high, one.low, one.close, one.volume];
}

/** Reads a recording; a field that the source did not have becomes zero. */
function recorded(name: string): Candle[] {
  const file = path.resolve('..', 'shared', 'data', `${name}.csv.gz`);
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [time = '', ...fields] = line.split(',');
    const [open, high, low, close, volume, turnover] = fields.map((text) =>
      decimalText(text || '0'),
    );
    return {
      openMs: Date.parse(time),
      open: open ?? '',
      high: high ?? '',
      low: low ?? '',
      close: close ?? '',
      timestampMs: Number(fields[6]),
      turnover: turnover ?? '',
      volume: volume ?? '',
    };
  });
}
