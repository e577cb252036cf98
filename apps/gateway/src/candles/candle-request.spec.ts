import { LATEST_MS } from '@candlekeep/candle-cache';
import { Timeframe } from '@candlekeep/market';
import { UpbitRefusal } from '../upbit-refusal';
import { parseCandleRequest, parseMinuteUnit } from './candle-request';

const minute = Timeframe.parse('1m');
const parse = (query: string, timeframe = minute, cacheControl?: string) =>
  parseCandleRequest({
    timeframe: () => timeframe,
    parameters: new URLSearchParams(query),
    cacheControl,
    caller: 'chart',
  });
const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof UpbitRefusal) return `${error.status} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('a candle request', () => {
  it('asks for the newest candle when only the market is given', () => {
    const { query } = parse('market=krw-btc');
    expect(query).toMatchObject({
      beforeMs: LATEST_MS,
      count: 1,
      maxAgeMs: 1_000,
      onlyIfCached: false,
      caller: 'chart',
    });
    expect(query.series.market).toBe('KRW-BTC');
  });

  it.each([
    ['2025-06-24T04:56:53Z'],
    ['2025-06-24T04:56:53'],
    ['2025-06-24 04:56:53'],
    ['2025-06-24T13:56:53+09:00'],
    ['2025-06-24T04:56:53.000Z'],
  ])('reads `to` as %s, and takes the next open for its bound', (to) => {
    const { query } = parse(`market=KRW-BTC&to=${encodeURIComponent(to)}`);
    expect(query.beforeMs).toBe(Date.UTC(2025, 5, 24, 4, 57));
  });

  it('keeps a bound that is an open', () => {
    expect(parse('market=KRW-BTC&to=2025-06-24T04:56:00').query.beforeMs).toBe(
      Date.UTC(2025, 5, 24, 4, 56),
    );
  });

  it.each([
    ['count=500', 200],
    ['count=%2B7', 7],
    ['count=', 1],
    ['count=3&count=9', 3],
  ])('takes %s for %i rows', (text, count) => {
    expect(parse(`market=KRW-BTC&${text}`).query.count).toBe(count);
  });

  it.each([
    ['', '400 Missing request parameter error. Check the required parameters!'],
    ['market=KRW-BTC&count=abc', '400 Type mismatch error. Check the parameters type!'],
    ['market=KRW-BTC&count=1.5', '400 Type mismatch error. Check the parameters type!'],
    ['market=KRW-BTC&count=99999999999', '400 Type mismatch error. Check the parameters type!'],
    ['market=KRW-BTC&count=0', '400 Invalid parameter. Check the given value!'],
    ['market=KRW-BTC&to=yesterday', '400 Invalid parameter. Check the given value!'],
    ['market=KRW-BTC&to=2025-02-31T00:00:00', '400 Invalid parameter. Check the given value!'],
    ['market=KRW-BTC&to=2025-02-01T24:00:00', '400 Invalid parameter. Check the given value!'],
    ['market=KRW-BTC,KRW-ETH', '404 Code not found'],
    ['market=', '404 Code not found'],
    ['market=krw-%C5%BFol', '404 Code not found'],
  ])('is refused for "%s" with %s', (query, refusal) => {
    expect(refusalOf(() => parse(query))).toBe(refusal);
  });

  it('knows the units of the exchange', () => {
    expect(parseMinuteUnit('240')).toBe(Timeframe.parse('240m'));
    expect(refusalOf(() => parseMinuteUnit('120'))).toBe('400 specified unit is not valid.');
    expect(refusalOf(() => parseMinuteUnit('one'))).toBe(
      '400 Type mismatch error. Check the parameters type!',
    );
  });

  it('converts prices of days only', () => {
    const day = Timeframe.parse('1d');
    expect(parse('market=KRW-BTC&converting_price_unit=KRW', day).withConvertedPrice).toBe(true);
    expect(parse('market=KRW-BTC&converting_price_unit=USD').withConvertedPrice).toBe(false);
    expect(refusalOf(() => parse('market=KRW-BTC&converting_price_unit=USD', day))).toMatch(/^400/);
  });

  it.each([
    ['max-age=5', 5_000, false],
    ['no-cache', 0, false],
    ['only-if-cached, max-age=60', 60_000, true],
    ['max-age=99999999999999', 2 ** 31 * 1_000, false],
    ['max-age=soon', 1_000, false],
  ])('reads Cache-Control: %s', (header, maxAgeMs, onlyIfCached) => {
    expect(parse('market=KRW-BTC', minute, header).query).toMatchObject({ maxAgeMs, onlyIfCached });
  });
});
