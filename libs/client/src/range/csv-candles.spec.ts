import fc from 'fast-check';
import { csvOf, minutes, openOf } from '../../test/contract-candles';
import { CsvCandles } from './csv-candles';

describe('candles from CSV', () => {
  it('are the same however the text was cut into pieces', () => {
    const text = csvOf(openOf(1), openOf(9)).replaceAll('\n', '\r\n');
    const cuts = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (given) => {
        const at = [0, ...given.sort((a, b) => a - b), text.length];
        const csv = new CsvCandles();
        const got = at.slice(1).flatMap((end, i) => csv.take(text.slice(at[i], end)));
        expect(got).toEqual(minutes(openOf(1), openOf(9)));
        expect(csv.isWithinLine).toBe(false);
      }),
    );
  });

  it('are read by the names of their columns', () => {
    const csv = new CsvCandles();
    const head = 'volume,close,extra,open,low,high,timestampMs,turnover,openMs';
    expect(csv.take(`${head}\n7,4,x,1,3,2,9,8,60000\n`)).toEqual([
      {
        ...{ openMs: 60_000, open: '1', high: '2', low: '3', close: '4' },
        ...{ timestampMs: 9, turnover: '8', volume: '7' },
      },
    ]);
  });
});
