import { InvalidValue } from '@candlekeep/market';

/** How much of a value may come from candles that were not looked at: 0.1 % of the spread of what is averaged. */
export const START_UP_ERROR = 0.001;

/**
 * Averages of averages add their candles up. Up to this bound the sum keeps it (two equal ones leave `e² (1 - 2 ln e)`, which
 * is `e` at 0.28); a wider one is met by this.
 */
const WIDEST = 0.25;

/**
 * Candles until everything older weighs at most `startUpError`, where the newest weighs `weight` and each older one less by
 * the factor `1 - weight`.
 */
export function candlesToForget(weight: number, startUpError: number): number {
  if (weight >= 1) return 1;
  const bound = Math.min(startUpError, WIDEST);
  return Math.ceil(Math.log(bound) / Math.log1p(-weight));
}

/** Throws {@link InvalidValue} unless it is a number between 0 and 1, neither included. */
export function assertStartUpError(startUpError: number): void {
  if (startUpError > 0 && startUpError < 1) return;
  throw new InvalidValue(
    `a start-up error of ${startUpError}: expected a number above 0 and below 1 (0.001 is 0.1 %)`,
  );
}

/** `0.1 %`. */
export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
