import type { WindowWish } from '@candlekeep/candle-cache';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import type { SeriesWorth } from '@candlekeep/usage';
import type { ActiveNeed } from '../foresight/active-needs';

/** A window is told what is wanted every minute; after this without word, nothing is, ms. */
const NEEDED_FOR_MS = 2 * 3_600_000;
/** What is expected to be asked for is kept until then, and a little longer, ms. */
const LINGER_MS = 10 * 60_000;
/** Nothing is kept longer than this for a habit, ms. */
const LONGEST_MS = 26 * 3_600_000;
const FEWEST_ROWS = 200;
const MOST_ROWS = 5_000;
/** Calculators page backwards, and the window moves on while they do. */
const SPARE_ROWS = 60;
/** Whatever is wanted longer than a minute is folded from minutes: a window of these holds most of a day. */
const MINUTE = Timeframe.parse('1m');
const MINUTE_ROWS = 1_000;
const MOST_WISHES = 5_000;

/** What L1 should keep, and how much of it: needs of active strategies first, then what callers habitually ask. */
export function windowWishes(
  needs: readonly ActiveNeed[],
  worth: readonly SeriesWorth[],
  nowMs: number,
): readonly WindowWish[] {
  const wishes = new Map<string, WindowWish>();
  const wish = (series: Series, rows: number, untilMs: number): void => {
    const name = seriesName(series);
    const known = wishes.get(name);
    const least = series.timeframe === MINUTE ? MINUTE_ROWS : FEWEST_ROWS;
    wishes.set(name, {
      series,
      rows: Math.min(MOST_ROWS, Math.max(least, rows + SPARE_ROWS, known?.rows ?? 0)),
      untilMs: Math.floor(Math.max(untilMs, known?.untilMs ?? 0)),
    });
  };
  for (const { series, candles } of needs) {
    wish(series, candles, nowMs + NEEDED_FOR_MS);
    wish({ ...series, timeframe: MINUTE }, 0, nowMs + NEEDED_FOR_MS);
  }
  for (const { series, rows, nextUseMs } of worth) {
    if (nextUseMs === undefined) continue;
    wish(series, rows, Math.min(nextUseMs + LINGER_MS, nowMs + LONGEST_MS));
  }
  return [...wishes.values()].slice(0, MOST_WISHES);
}
