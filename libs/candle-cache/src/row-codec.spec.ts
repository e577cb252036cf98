import { recordedCandles } from '../../../test/support/recorded-candles';
import { decodeRow, encodeRow } from './row-codec';

describe('row codec', () => {
  it('gives back every recorded candle digit for digit', () => {
    for (const row of recordedCandles('upbit_KRW-BTC_1m_20200220_full_fields')) {
      expect(decodeRow(encodeRow(row))).toEqual(row);
    }
  });

  it('refuses a line with another number of fields', () => {
    expect(() => decodeRow('1,2,3')).toThrow('expected 8 or 11 fields');
  });
});
