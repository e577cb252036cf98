import fc from 'fast-check';

/** Texts that have broken servers before, and the edges of what ours reads. */
const TEXTS = [
  ...['', ' ', '\0', '\u0001', '\n', '\r\nX-Injected: 1', '"', "'", '\\', '`', '{}', '[]', 'null'],
  ...['../../etc/passwd', '%00', '%ff', '%2e%2e%2f', '%25', '%', '#', '?', '&', '=', ';', '//'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'],
  ...['NaN', 'Infinity', '-0', '1e999', '0x10', '1_000', '٣', '9007199254740993', '-1', '0', '1.5'],
  ...['😀', '\ud800', '\ufeff', '\u202e', 'ß', '비트코인', 'K'.repeat(500), 'İ'],
  ...["' OR 1=1 --", '${7*7}', '<script>alert(1)</script>', '$where', '*', 'KRW-*', '{{x}}'],
  ...['KRW-BTC,KRW-ETH', 'KRW-', '-BTC', 'krw-btc', 'KRW_BTC', 'KRW-BTC ', 'KRW-NOPE'],
  ...['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00', '2026-02-31T00:00:00'],
  ...['2026-01-05T24:00:00Z', '2026-01-05T00:00:00+99:99', '253370764799999', '8640000000000001'],
] as const;

const NUMBERS = [
  ...[0, -0, -1, 1, 1.5, 200, 201, 10_000, 10_001, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e21, 1e308],
  ...[5e-324, -1e308, 1_767_571_200_000, 8.64e15, 8.64e15 + 1],
] as const;

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 500, maxLength: 2_000 }) },
);

/** Anything that JSON can say. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(...NUMBERS),
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { $ne: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** JSON, also of what it has no word for. */
export function jsonText(value: unknown): string {
  const text: unknown = JSON.stringify(value);
  return typeof text === 'string' ? text : '';
}
