import { openPrincipal, type Principal } from '@candlekeep/access';
import { callerNameOf, parseCallerName } from './caller-name';

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

describe('a caller', () => {
  const socket = { remoteAddress: '10.0.0.7' };
  const bots: Principal = { kind: 'key', id: 'abcd2345', name: 'bots', scopes: ['read'] };
  const nameOf = (principal: Principal, said?: string) =>
    callerNameOf({
      headers: said === undefined ? {} : { 'x-candlekeep-caller': said },
      principal,
      socket,
    });

  it('is known as its key is called, unless it says a name of its own', () => {
    expect(nameOf(bots)).toBe('bots');
    expect(nameOf(bots, 'desk-7')).toBe('desk-7');
    expect(() => nameOf(bots, 'two words')).toThrow('expected 1 to 64 letters');
  });

  it('without a key is known by its address, as a person who has logged in is', () => {
    expect(nameOf(openPrincipal('read'))).toBe('10.0.0.7');
    expect(nameOf({ ...bots, kind: 'session' })).toBe('10.0.0.7');
  });
});
