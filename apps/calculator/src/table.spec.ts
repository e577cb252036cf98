import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { Bar } from './variables/bar';
import { readVariable } from './variables/reading';
import type { Snapshot } from './variables/snapshot';
import { lineOf, numberText, tableOf } from './table';

const rising = (count: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({ high: i + 1, low: i, close: i + 0.5, volume: 2 }));
const snapshot = (count: number, more: Partial<Snapshot> = {}): Snapshot => ({
  subject: {
    ...{ market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') },
    isClosedOnly: false,
  },
  readings: (['RSI', 'MACD', 'LOW_PRICE'] as const).map((variable) =>
    readVariable(variable, rising(count)),
  ),
  ...{ asOfMs: Date.UTC(2026, 0, 5, 9), source: 'l1', candles: count, isForming: true },
  ...more,
});

describe('a table', () => {
  it('says what the candles are, and each variable by its name', () => {
    expect(tableOf(snapshot(121))).toEqual([
      'KRW-BTC 1m  as of 2026-01-05T09:00:00.000Z  121 candles, the newest forming  from l1',
      '  RSI 14        100',
      '  MACD 12/26/9  macd 6.9987809  signal 6.9982072  histogram 0.00057369',
      '  LOW_PRICE 60  61',
    ]);
  });

  it('says where history is too short for a value, and where a value has not settled', () => {
    expect(tableOf(snapshot(33)).slice(1)).toEqual([
      expect.stringMatching(/^ {2}RSI 14 +100 {2}\(not settled: 33 of 108 candles\)$/),
      '  MACD 12/26/9  short: 33 of 34 candles',
      '  LOW_PRICE 60  short: 33 of 60 candles',
    ]);
  });

  it('says that the forming candle is left out, or that there is none', () => {
    const { subject } = snapshot(1);
    const closed = snapshot(1, { subject: { ...subject, isClosedOnly: true } });
    expect(tableOf(closed)[0]).toContain('1 candle, the newest forming and left out  from');
    expect(tableOf(snapshot(1, { isForming: false }))[0]).toContain('1 candle  from l1');
  });

  it('is one line for programs', () => {
    expect(lineOf(snapshot(40))).toBe(
      '2026-01-05T09:00:00.000Z KRW-BTC 1m RSI_14=100 MACD_12/26/9=6.3867273,6.1438871,0.24284026 LOW_PRICE_60=short',
    );
  });
});

describe('a number', () => {
  it.each([
    ['SMA', 158_014_000, '158014000'],
    ['SMA', 157_856_850.256, '157856850.26'],
    ['SMA', 350.123456789, '350.12346'],
    ['SMA', 0.0000012345678, '0.00000123'],
    ['MACD', -0.000000001, '0'],
    ['MACD', 0, '0'],
    ['MACD', -12_345.678, '-12345.678'],
    ['RSI', 75.666, '75.67'],
    ['RSI', 100, '100'],
    ['price_change_5m', -0.0500004, '-0.05'],
  ] as const)('of %s, %d, is printed as %s', (variable, value, text) => {
    expect(numberText(variable, value)).toBe(text);
  });
});
