import { parseMarketCode, seriesName, Timeframe } from '@candlekeep/market';
import type { ActiveNeed } from '../foresight/active-needs';
import { windowWishes } from './window-wishes';

const BTC = parseMarketCode('KRW-BTC');
const NOW_MS = Date.UTC(2026, 0, 14, 9);
const seriesOf = (code: string) => ({ market: BTC, timeframe: Timeframe.parse(code) });
const need = (code: string, candles: number): ActiveNeed => ({
  ...{ series: seriesOf(code), candles, reasons: [], strategies: ['demo'], sinceMs: 0 },
});

describe('what L1 is asked to keep', () => {
  it('is as deep as strategies need, and the minutes from which it is folded', () => {
    const wishes = windowWishes([need('1d', 1_900)], [], NOW_MS);
    const rows = wishes.map(({ series, rows: kept }) => [seriesName(series), kept]);
    expect(rows).toEqual([
      ['KRW-BTC:1d', 1_960],
      ['KRW-BTC:1m', 1_000],
    ]);
    expect(wishes.every(({ untilMs }) => untilMs > NOW_MS)).toBe(true);
  });

  it('is what callers are expected to ask again, until then', () => {
    const nextUseMs = NOW_MS + 3_600_000;
    const known = { series: seriesOf('60m'), rows: 30, share: 0.5 };
    const wishes = windowWishes(
      [],
      [
        { ...known, nextUseMs },
        { ...known, series: seriesOf('5m'), nextUseMs: undefined },
      ],
      NOW_MS,
    );
    expect(wishes).toHaveLength(1);
    expect(wishes[0]).toMatchObject({ rows: 200 });
    expect(wishes[0]?.untilMs).toBeGreaterThan(nextUseMs);
  });

  it('is never more than a window may hold', () => {
    const [wish] = windowWishes([need('15m', 90_000)], [], NOW_MS);
    expect(wish?.rows).toBe(5_000);
  });
});
