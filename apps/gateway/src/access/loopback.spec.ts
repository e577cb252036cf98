import { isLocalName, isLoopback } from './loopback';

describe('an address', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST', 'a.localhost'])(
    'that only this machine reaches: %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.example.com',
    '127.0.0.1.example.com',
    'localhost.io',
  ])('that others reach: %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });

  it.each([
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['192.168.0.7', true],
    ['localhost:3000', true],
    ['gateway.example.com:3000', false],
    ['', false],
  ])('a page cannot pretend to be: %s: %s', (host, expected) => {
    expect(isLocalName(host)).toBe(expected);
  });
});
