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

  it.each([
    [`/a?key=${key}&key=${key}x`, '/a'],
    [`/a?key=${key}&b=1&key=${key}x&key=ck_`, '/a?b=1'],
    [`/a?b=1&key=${key}&key=${key}`, '/a?b=1'],
    [`/a?b=1&key=${key.replace('_', '%5F')}&c=2`, '/a?b=1&c=2'],
    [`/a?%6bey=${key.replace('ck_', '%63%6B%5f')}`, '/a'],
    [`/a?key=${key}#b`, '/a#b'],
    [`/a?b=?&key=${key}`, '/a?b=?'],
  ])('is taken out wherever and however it is written: %s', (given, url) => {
    expect(stripKey(given)).toEqual({ url, key });
  });

  it('is taken out also with something behind it, and with an escape that is broken', () => {
    expect(stripKey('/a?key=ck_oops%20x')).toEqual({ url: '/a', key: 'ck_oops x' });
    expect(stripKey('/a?key=ck_oops%f&b=1')).toEqual({ url: '/a?b=1', key: 'ck_oops%f' });
  });

  it('is taken out also when it is none, since it may be one with a slip', () => {
    expect(stripKey('/a?key=ck_oops')).toEqual({ url: '/a', key: 'ck_oops' });
  });
});
