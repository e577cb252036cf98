import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seriesName } from './candle';
import { InvalidValue } from './candlekeep-error';
import { isMarketCode, parseMarketCode } from './market-code';
import { Timeframe } from './timeframe';

describe('market codes', () => {
  it('cover every market that the exchange listed', () => {
    const file = path.resolve('..', 'shared/upbit/captures/rest_market_all_2021-04-17.raw.json');
    const listed = readFileSync(file, 'utf8').matchAll(/"market":"([^"]+)"/g);
    const codes = [...listed].map(([, code = '']) => code);
    expect(codes).toHaveLength(294);
    expect(codes.filter((code) => !isMarketCode(code))).toEqual([]);
  });

  it('are read in any letter case, as the exchange does', () => {
    expect(parseMarketCode('krw-Btc')).toBe('KRW-BTC');
    expect(isMarketCode('krw-btc')).toBe(false);
  });

  it.each([
    '',
    'KRW',
    'KRW-',
    '-BTC',
    'KRW_BTC',
    'KRW-BTC,KRW-ETH',
    ' KRW-BTC',
    'KRW-BTC\n',
    'KRW-BTC:1m',
    'KRW-{BTC}',
    'KRW-ß',
    'KRW-bıt',
    'KRW-ſol',
  ])('are refused as %j, so that no key or path can be forged', (text) => {
    expect(() => parseMarketCode(text)).toThrow(InvalidValue);
    expect(() => parseMarketCode(text)).toThrow(/expected one pair such as KRW-BTC/);
  });

  it('name a series together with its timeframe', () => {
    const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1M') };
    expect(seriesName(series)).toBe('KRW-BTC:1M');
  });
});
