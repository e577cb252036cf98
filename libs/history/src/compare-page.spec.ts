import { type Candle, Coverage } from '@candlekeep/market';
import { comparePage } from './compare-page';

const MINUTE = 60_000;
const row = (minute: number, more: Partial<Candle> = {}): Candle => ({
  openMs: minute * MINUTE,
  ...{ open: '1.00000000', high: '2.00000000', low: '1.00000000', close: '2.00000000' },
  ...{ timestampMs: minute * MINUTE + 59_000, turnover: '10.00000000', volume: '5.00000000' },
  ...more,
});
const range = { fromMs: 0, untilMs: 100 * MINUTE };
const compare = (
  stored: readonly Candle[],
  native: readonly Candle[],
  coverage = Coverage.of([range]),
) => comparePage({ range, stored: { coverage, rows: stored }, native });

describe('a page held against the store', () => {
  it('finds nothing where both say the same, in whatever spelling', () => {
    expect(compare([row(2), row(1)], [row(1, { open: '1' }), row(2)])).toEqual({
      ...{ compared: 2, added: 0, differences: [] },
    });
  });

  it.each([
    { open: '1.10000000' },
    { high: '2.10000000' },
    { low: '0.90000000' },
    { close: '1.90000000' },
    { turnover: '10.00000001' },
    { volume: '4.99999999' },
    { timestampMs: 0 },
    { daily: { previousClose: '1.00000000', change: '1.00000000', changeRate: '1.0000000000' } },
  ])('finds the field that differs: %j', (changed) => {
    const { differences } = compare([row(1, changed)], [row(1)]);
    expect(differences).toEqual([
      { kind: 'different', openMs: MINUTE, stored: row(1, changed), native: row(1) },
    ]);
  });

  it('tells what the store lacks from what it has too much, oldest first', () => {
    const { compared, differences } = compare([row(3), row(2)], [row(1), row(2)]);
    expect(compared).toBe(1);
    expect(differences.map(({ kind, openMs }) => [kind, openMs / MINUTE])).toEqual([
      ['missing', 1],
      ['surplus', 3],
    ]);
  });

  it('calls nothing missing that the store never claimed to know', () => {
    const known = Coverage.of([{ fromMs: 2 * MINUTE, untilMs: 3 * MINUTE }]);
    expect(compare([row(2)], [row(1), row(2), row(3)], known)).toEqual({
      ...{ compared: 1, added: 2, differences: [] },
    });
  });

  it('leaves alone what lies outside the stretch that both speak for', () => {
    const late = row(100, { volume: '7.00000000' });
    expect(compare([late, row(101)], [row(100), row(102)])).toEqual({
      ...{ compared: 0, added: 0, differences: [] },
    });
  });
});
