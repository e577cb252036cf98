import { AMOUNT_DIGITS, scaledOf } from '@candlekeep/market';

/** Decimals that are smaller are printed in exponent form. */
const LEAST_PLAIN_EXPONENT = -6;
/** Doubles from 10^7 on and below 10^-3 are. */
const PLAIN_DOUBLE_EXPONENTS = { least: -3, most: 6 };

/**
 * Prints decimal text as the exchange's language prints a decimal of so many digits: plainly with all its digits, but in exponent
 * form below 10^-6 (`2.1E-7`), which makes a zero of 8 digits `0E-8`. Throws for text that is no decimal of at most `digits` digits.
 */
export function wireNumber(text: string, digits = AMOUNT_DIGITS): string {
  return decimalForm({ unscaled: scaledOf(text, digits), digits });
}

/** The same without the zeros at its end, down to `leastDigits` behind the point: `91361000.0`, `0.0070459`. */
export function shortWireNumber(text: string, leastDigits = 1): string {
  return decimalForm(stripped(text, leastDigits));
}

/** Prints decimal text as the exchange's language prints a double: `41.2`, `1.16539E8`. */
export function wireDouble(text: string): string {
  const { unscaled, digits } = stripped(text, 0);
  const significant = unscaled.toString();
  const exponent = significant.length - 1 - digits;
  const { least, most } = PLAIN_DOUBLE_EXPONENTS;
  if (unscaled === 0n || (exponent >= least && exponent <= most)) return shortWireNumber(text);
  const fraction = significant.slice(1).replace(/0+$/, '');
  return `${significant.slice(0, 1)}.${fraction === '' ? '0' : fraction}E${exponent}`;
}

/** `unscaled × 10^-digits`. */
interface Decimal {
  readonly unscaled: bigint;
  readonly digits: number;
}

function stripped(text: string, leastDigits: number): Decimal {
  let [unscaled, digits] = [scaledOf(text), AMOUNT_DIGITS];
  while (digits > leastDigits && unscaled !== 0n && unscaled % 10n === 0n) {
    unscaled /= 10n;
    digits -= 1;
  }
  return { unscaled, digits };
}

function decimalForm({ unscaled, digits }: Decimal): string {
  if (unscaled < 0n) return `-${decimalForm({ unscaled: -unscaled, digits })}`;
  const text = unscaled.toString();
  const exponent = text.length - 1 - digits;
  if (exponent >= LEAST_PLAIN_EXPONENT) return plainText(text, digits);
  const fraction = text.length > 1 ? `.${text.slice(1)}` : '';
  return `${text.slice(0, 1)}${fraction}E${exponent}`;
}

function plainText(text: string, digits: number): string {
  if (digits === 0) return text;
  const padded = text.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
