import { InvalidValue, seriesName } from '@candlekeep/market';
import type { WindowWish } from './candle-window';

/** No wish outlives this, ms: whoever wishes is dead, or will say it again. */
export const LONGEST_WISH_MS = 2 * 24 * 3_600_000;

const MOST_WISHES = 5_000;
const FEWEST_ROWS = 200;
const MOST_ROWS = 5_000;

/** Throws {@link InvalidValue} for more than 5,000 wishes, two of one series, or rows or instants out of bounds. */
export function checkWishes(wishes: readonly WindowWish[]): void {
  if (wishes.length > MOST_WISHES) {
    throw new InvalidValue(
      `${wishes.length} windows are wished for, ${MOST_WISHES} are the most: leave out those of the least worth`,
    );
  }
  const names = new Set<string>();
  for (const wish of wishes) {
    checkWish(wish);
    const name = seriesName(wish.series);
    if (names.has(name)) {
      throw new InvalidValue(`${name} is wished for twice: give it one wish, its longest`);
    }
    names.add(name);
  }
}

function checkWish({ series, untilMs, rows }: WindowWish): void {
  if (!Number.isInteger(rows) || rows < FEWEST_ROWS || rows > MOST_ROWS) {
    throw new InvalidValue(
      `${rows} rows are wished for of ${seriesName(series)}: a whole number from ${FEWEST_ROWS} to ${MOST_ROWS} is expected`,
    );
  }
  if (!Number.isSafeInteger(untilMs) || untilMs < 0) {
    throw new InvalidValue(
      `${seriesName(series)} is wished for until ${untilMs}: whole epoch ms by the cache server's clock are expected`,
    );
  }
}
