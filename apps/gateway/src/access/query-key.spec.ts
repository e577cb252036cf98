import { stripKey } from './query-key';

const key = `ck_abcd2345_${'x'.repeat(43)}`;

describe('a key in a URL', () => {
  it.each([
    [`/v1/ticker?key=${key}`, '/v1/ticker'],
    [`/v1/ticker?key=${key}&markets=KRW-BTC`, '/v1/ticker?markets=KRW-BTC'],
    [`/v1/ticker?markets=KRW-BTC&key=${key}`, '/v1/ticker?markets=KRW-BTC'],
    [`/v1/ticker?a=1&key=${key}&b=2`, '/v1/ticker?a=1&b=2'],
  ])('is taken out of it: %s', (given, url) => {
    expect(stripKey(given)).toEqual({ url, key });
  });

  it.each(['/v1/ticker?markets=KRW-BTC', '/api/x?key=1', '/api/x?apikey=ck_1', '/'])(
    'is nothing else: %s',
    (url) => {
      expect(stripKey(url)).toEqual({ url, key: undefined });
    },
  );

  it('is taken out also when it is none, since it may be one with a slip', () => {
    expect(stripKey('/a?key=ck_oops')).toEqual({ url: '/a', key: 'ck_oops' });
  });
});
