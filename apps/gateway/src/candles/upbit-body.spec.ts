import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { upbitCandles } from '../../../../test/support/upbit-candles';
import { upbitBody } from './upbit-body';

const CAPTURES = path.resolve('..', 'shared', 'upbit', 'captures');

describe('upbitBody', () => {
  it.each([
    ['seconds', '1s'],
    ['minutes1', '1m'],
    ['days', '1d'],
    ['years', '1y'],
  ])('prints the captured %s byte for byte', (name, code) => {
    const file = path.join(CAPTURES, `rest_candles_${name}_KRW-BTC_count1.raw.json`);
    const captured = readFileSync(file, 'utf8');
    const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse(code) };
    expect(upbitBody(series, upbitCandles(captured), false).toString()).toBe(captured);
  });
});
