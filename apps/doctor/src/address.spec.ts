import { addressText } from './address';

describe('an address for people', () => {
  it.each([
    ['redis://:sesame@127.0.0.1:6379', 'redis://127.0.0.1:6379'],
    ['rediss://user:sesame@redis/3', 'rediss://redis/3'],
    ['postgres://u:sesame@db:5432/candles?password=sesame', 'postgres://db:5432/candles'],
    ['https://api.upbit.com/', 'https://api.upbit.com'],
  ])('%s is shown without what is secret', (url, shown) => {
    expect(addressText(url)).toBe(shown);
  });

  it.each(['redis://user:12/34@host', 'postgres://u:1#2@db/x', 'sesame'])(
    '%s is not shown: a part of a password could be in it',
    (url) => {
      expect(addressText(url)).toBe('an address that cannot be read');
    },
  );
});
