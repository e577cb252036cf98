import { parseCallerName } from './caller-name';

describe('the name of a caller', () => {
  it.each(['a', 'chart-7', 'desk:KRW.main_2', 'x'.repeat(64)])('is what it says: "%s"', (name) => {
    expect(parseCallerName(name, '10.0.0.1')).toBe(name);
  });

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['/tmp/a socket', 'unknown'],
    [undefined, 'unknown'],
  ])('is its address when it says nothing: %s', (address, expected) => {
    expect(parseCallerName(undefined, address)).toBe(expected);
  });

  it.each(['', 'two words', 'a, b', 'é', 'line\nbreak', 'x'.repeat(65), 'x'.repeat(5_000)])(
    'is refused with what would be one: "%s"',
    (header) => {
      expect(() => parseCallerName(header, '10.0.0.1')).toThrow(
        /^X-Candlekeep-Caller is ".{0,41}": expected 1 to 64 letters, digits, or characters of _\.:-, or no such header/,
      );
    },
  );
});
