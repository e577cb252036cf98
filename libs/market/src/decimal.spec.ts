import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { InvalidValue } from './candlekeep-error';
import { decimalText, divideRounded, RATE_DIGITS, scaledOf, textOfScaled } from './decimal';

/** Beyond what a double holds, and beyond any yearly turnover. */
const anyScaled = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const anyDigits = fc.integer({ min: 0, max: 12 });

describe('decimal text', () => {
  it('survives the way to an integer and back', () => {
    fc.assert(
      fc.property(anyScaled, anyDigits, (scaled, digits) => {
        expect(scaledOf(textOfScaled(scaled, digits), digits)).toBe(scaled);
      }),
    );
  });

  it('stands still once canonical', () => {
    fc.assert(
      fc.property(anyScaled, (scaled) => {
        const text = textOfScaled(scaled);
        expect(decimalText(text)).toBe(text);
        expect(text).toMatch(/^-?(0|[1-9]\d*)\.\d{8}$/);
      }),
    );
  });

  it('means the same in plain and in exponent notation', () => {
    fc.assert(
      fc.property(anyScaled, fc.integer({ min: -40, max: 40 }), (scaled, exponent) => {
        const moved = `${textOfScaled(scaled, 40 + exponent)}E${exponent}`;
        expect(scaledOf(moved, 40)).toBe(scaled);
      }),
    );
  });

  it.each([
    ['103460000.00000000', '103460000.00000000'],
    ['17343033068679.96786000', '17343033068679.96786000'],
    ['6.968e-05', '0.00006968'],
    ['6.176e-05', '0.00006176'],
    ['2.1E-7', '0.00000021'],
    ['1E-8', '0.00000001'],
    ['0E-8', '0.00000000'],
    ['0E-20', '0.00000000'],
    ['-0', '0.00000000'],
    ['-0.00000000', '0.00000000'],
    ['1.16539E8', '116539000.00000000'],
    ['137728155832.9616000000000000', '137728155832.96160000'],
    ['150700000.0', '150700000.00000000'],
    ['0', '0.00000000'],
    ['007', '7.00000000'],
    ['+1', '1.00000000'],
    ['.5', '0.50000000'],
    ['5.', '5.00000000'],
    ['-4000', '-4000.00000000'],
  ])('%s prints as %s', (text, canonical) => {
    expect(decimalText(text)).toBe(canonical);
  });

  it.each(['0.000000001', '1E-9', '103460000.000000001', '-2.15E-7e', '1.2e-8'])(
    'refuses %s rather than lose a digit or guess',
    (text) => {
      expect(() => decimalText(text)).toThrow(InvalidValue);
    },
  );

  it.each(['', ' ', '.', '-', 'e5', '1e', '1,5', '0x10', 'NaN', 'Infinity', ' 1', '1\n', '1_0'])(
    'refuses %j as no number',
    (text) => {
      expect(() => decimalText(text)).toThrow(`"${text}" is not a decimal number`);
    },
  );

  it('refuses an exponent that would fill the memory', () => {
    expect(() => decimalText('1e99999999')).toThrow(InvalidValue);
  });

  it('keeps every digit of each amount in the captured bodies', () => {
    const amounts = captured(/"(?:\w+_price|candle_acc_\w+)":\s?(-?\d+\.\d{8})(?=[,}])/g);
    expect(amounts.length).toBeGreaterThan(50);
    for (const [, amount = ''] of amounts) expect(decimalText(amount)).toBe(amount);
  });
});

describe('rounded division', () => {
  it('gives the change rates that the exchange printed', () => {
    const rates = captured(
      /"prev_closing_price":\s?([\d.]+),(?:\s*"change":\s?"\w+",)?\s*"change_price":\s?(-?[\d.]+),\s*"change_rate":\s?(-?[\d.eE-]+)/g,
    );
    expect(rates.length).toBeGreaterThan(200);
    for (const [, previous = '', change = '', rate = ''] of rates) {
      const quotient = divideRounded(
        scaledOf(change, RATE_DIGITS) * 10n ** BigInt(RATE_DIGITS),
        scaledOf(previous, RATE_DIGITS),
      );
      expect(textOfScaled(quotient, RATE_DIGITS)).toBe(decimalText(rate, RATE_DIGITS));
    }
  });

  it('is never further than half a unit away, halves going away from zero', () => {
    const divisor = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).filter((n) => n !== 0n);
    fc.assert(
      fc.property(anyScaled, divisor, (numerator, denominator) => {
        const error = numerator - divideRounded(numerator, denominator) * denominator;
        expect(2n * abs(error)).toBeLessThanOrEqual(abs(denominator));
        expect(divideRounded(-numerator, denominator)).toBe(-divideRounded(numerator, denominator));
      }),
    );
    expect([1n, -1n, 3n, -3n].map((n) => divideRounded(n, 2n))).toEqual([1n, -1n, 2n, -2n]);
  });
});

/** All matches in the recorded bodies of the exchange. */
function captured(pattern: RegExp): RegExpMatchArray[] {
  const folder = path.resolve('..', 'shared', 'upbit', 'captures');
  const bodies = readdirSync(folder).filter((name) => name.startsWith('rest_'));
  return bodies.flatMap((name) => [
    ...readFileSync(path.join(folder, name), 'utf8').matchAll(pattern),
  ]);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
