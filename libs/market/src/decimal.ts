import { InvalidValue } from './candlekeep-error';

/** Fraction digits of prices, volume and turnover on the exchange's wire. */
export const AMOUNT_DIGITS = 8;
/** Fraction digits of `change_rate` on the exchange's wire. */
export const RATE_DIGITS = 10;

const PLAIN_AMOUNT = /^-?(?:0|[1-9]\d*)\.\d{8}$/;
/** 10^0 to 10^18: raising a bigint to a power costs more than all else here. */
const POWERS_OF_TEN = Array.from({ length: 19 }, (_, power) => 10n ** BigInt(power));
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * The canonical text of a decimal: plain notation with exactly `digits` fraction digits (`6.968e-05` becomes
 * `0.00006968`). Throws {@link InvalidValue} for text that is no number, or that would lose a digit.
 */
export function decimalText(text: string, digits = AMOUNT_DIGITS): string {
  if (digits === AMOUNT_DIGITS && PLAIN_AMOUNT.test(text) && text !== '-0.00000000') return text;
  return textOfScaled(scaledOf(text, digits), digits);
}

/** Reads decimal text as an integer count of 10^-digits: `"1.5"` with 8 digits is `150000000n`. Exact, or throws. */
export function scaledOf(text: string, digits = AMOUNT_DIGITS): bigint {
  const match = DECIMAL.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) {
    throw new InvalidValue(`"${text}" is not a decimal number`);
  }
  const magnitude = shift(BigInt(whole + fraction), digits + Number(exponent) - fraction.length);
  if (magnitude === undefined) {
    throw new InvalidValue(`"${text}" has more than ${digits} fraction digits`);
  }
  return sign === '-' ? -magnitude : magnitude;
}

/** Prints an integer count of 10^-digits as plain decimal text, zeros kept: `150000000n` is `"1.50000000"`. */
export function textOfScaled(scaled: bigint, digits = AMOUNT_DIGITS): string {
  const magnitude = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0');
  const point = magnitude.length - digits;
  return `${scaled < 0n ? '-' : ''}${magnitude.slice(0, point)}.${magnitude.slice(point)}`;
}

/** `numerator / denominator` rounded half away from zero, the rounding that the exchange's `change_rate` shows. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [
    numerator < 0n ? -numerator : numerator,
    denominator < 0n ? -denominator : denominator,
  ];
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}

/** `value * 10^places`, or undefined when that is no integer. */
function shift(value: bigint, places: number): bigint | undefined {
  if (places >= 0) return value * powerOfTen(places);
  const divisor = powerOfTen(-places);
  return value % divisor === 0n ? value / divisor : undefined;
}

function powerOfTen(power: number): bigint {
  return POWERS_OF_TEN[power] ?? 10n ** BigInt(power);
}
