import { parseMarketCode } from '@candlekeep/market';
import { readCandleRequest, type CandleRequest } from './candle-request';
import { Refused, REFUSALS, type Reply } from './reply';
import { findRoute } from './route';

/** Reads a request as the server does; the answer is the request or the refusal. */
function read(url: string): CandleRequest | Reply {
  const { pathname, searchParams } = new URL(url, 'http://exchange');
  const route = findRoute(pathname);
  if (route?.kind !== 'candles' && route?.kind !== 'minutes') return REFUSALS.noRoute;
  try {
    return readCandleRequest(route, searchParams, (text) =>
      text.toUpperCase() === 'KRW-BTC' ? parseMarketCode(text) : undefined,
    );
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

describe('a candle request', () => {
  it('asks for one newest row unless it says more', () => {
    expect(read('/v1/candles/minutes/1?market=KRW-BTC&to=&count=')).toMatchObject({
      market: 'KRW-BTC',
      timeframe: { code: '1m' },
      beforeMs: Infinity,
      count: 1,
    });
  });

  it.each([
    ['/v1/candles/seconds', '1s'],
    ['/v1/candles/minutes/240', '240m'],
    ['/v1/candles/days', '1d'],
    ['/v1/candles/weeks', '1w'],
    ['/v1/candles/months', '1M'],
    ['/v1/candles/years', '1y'],
  ])('to %s is for %s', (path, code) => {
    expect(read(`${path}?market=krw-btc`)).toMatchObject({
      market: 'KRW-BTC',
      timeframe: { code },
    });
  });

  it.each(['201', '500', '1000', '2147483647'])('for %s rows means 200', (count) => {
    expect(read(`/v1/candles/days?market=KRW-BTC&count=${count}`)).toMatchObject({ count: 200 });
  });

  it('may hold parameters that the exchange does not know', () => {
    expect(read('/v1/candles/minutes/5?market=KRW-BTC&unit=5&x=y')).toMatchObject({ count: 1 });
  });

  it('reads `to` with its zone, and converts days to KRW only', () => {
    const url =
      '/v1/candles/days?market=KRW-BTC&to=2026-08-03T00:00:00%2B09:00&converting_price_unit=KRW';
    expect(read(url)).toMatchObject({
      beforeMs: Date.UTC(2026, 7, 2, 15),
      withConvertedPrice: true,
    });
    expect(read('/v1/candles/weeks?market=KRW-BTC&converting_price_unit=KRW')).toMatchObject({
      withConvertedPrice: false,
    });
  });

  it.each([
    ['/v1/candles/days', REFUSALS.missingParameter],
    ['/v1/candles/days?market=KRW-NOPE', REFUSALS.unknownMarket],
    ['/v1/candles/days?market=', REFUSALS.unknownMarket],
    ['/v1/candles/days?market=KRW-BTC,KRW-ETH', REFUSALS.unknownMarket],
    ['/v1/candles/days?market=KRW-BTC&count=abc', REFUSALS.wrongType],
    ['/v1/candles/days?market=KRW-BTC&count=1.5', REFUSALS.wrongType],
    ['/v1/candles/days?market=KRW-BTC&count=2147483648', REFUSALS.wrongType],
    ['/v1/candles/days?market=KRW-BTC&count=0', REFUSALS.invalidParameter],
    ['/v1/candles/days?market=KRW-BTC&count=-5', REFUSALS.invalidParameter],
    ['/v1/candles/days?market=KRW-BTC&to=yesterday', REFUSALS.invalidParameter],
    ['/v1/candles/days?market=KRW-BTC&to=2026-08-03T00:00:00+09:00', REFUSALS.invalidParameter],
    ['/v1/candles/days?market=KRW-BTC&converting_price_unit=USD', REFUSALS.invalidParameter],
    ['/v1/candles/minutes/120?market=KRW-BTC', REFUSALS.invalidUnit],
    ['/v1/candles/minutes/480?market=KRW-BTC', REFUSALS.invalidUnit],
    ['/v1/candles/minutes/abc?market=KRW-BTC', REFUSALS.wrongType],
    ['/v1/candles/minutes?market=KRW-BTC', REFUSALS.noRoute],
    ['/v1/candles/hours?market=KRW-BTC', REFUSALS.noRoute],
  ])('%s is refused in the exchange’s words', (url, reply) => {
    expect(read(url)).toBe(reply);
  });
});

describe('the refusals', () => {
  it('have the captured bodies', () => {
    expect(Object.values(REFUSALS).map(({ status, body }) => `${status} ${body}`)).toEqual([
      '404 {"error":{"name":404,"message":"Code not found"}}',
      '400 {"error":{"name":400,"message":"Missing request parameter error. Check the required parameters!"}}',
      '400 {"error":{"name":400,"message":"Type mismatch error. Check the parameters type!"}}',
      '400 {"error":{"name":400,"message":"Invalid parameter. Check the given value!"}}',
      '400 {"error":{"name":400,"message":"specified unit is not valid."}}',
      '404 {"error":{"name":"not_found","message":"no Route matched with those values"}}',
      '429 Too many API requests.',
    ]);
  });
});
