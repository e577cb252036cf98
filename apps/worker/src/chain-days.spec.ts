import type { Candle } from '@candlekeep/market';
import { chainDays } from './chain-days';

const DAY = 86_400_000;
const START_MS = Date.UTC(2025, 8, 1);
const at = (day: number): number => START_MS + day * DAY;
const range = (from: number, until: number) => ({ fromMs: at(from), untilMs: at(until) });

function day(number: number, close: string): Candle {
  const price = { open: close, high: close, low: close, close };
  const amounts = { turnover: '1.00000000', volume: '1.00000000' };
  return { openMs: at(number), ...price, ...amounts, timestampMs: at(number) + 1 };
}

describe('chainDays', () => {
  it('tells each day its distance from the one before', () => {
    const days = [day(0, '110.00000000'), day(1, '99.00000000')];
    const [stretch, ...others] = chainDays(days, range(0, 2), '100.00000000');
    expect(others).toEqual([]);
    expect(stretch?.covered).toEqual(range(0, 2));
    expect(stretch?.rows.map(({ daily }) => daily)).toEqual([
      { previousClose: '100.00000000', change: '10.00000000', changeRate: '0.1000000000' },
      { previousClose: '110.00000000', change: '-11.00000000', changeRate: '-0.1000000000' },
    ]);
  });

  it('leaves out the first day when nothing is known before it', () => {
    const days = [day(0, '110.00000000'), day(1, '99.00000000')];
    const stretches = chainDays(days, range(0, 2), undefined);
    expect(stretches.map(({ covered }) => covered)).toEqual([range(1, 2)]);
    expect(stretches[0]?.rows[0]?.daily?.previousClose).toBe('110.00000000');
  });

  it('knows that a day without trades is empty, and leaves out the day after it', () => {
    const days = [day(0, '1.00000000'), day(2, '2.00000000'), day(3, '3.00000000')];
    const stretches = chainDays(days, range(0, 4), '1.00000000');
    expect(stretches.map(({ covered }) => covered)).toEqual([range(0, 2), range(3, 4)]);
    expect(stretches.map(({ rows }) => rows.map(({ openMs }) => openMs))).toEqual([
      [at(0)],
      [at(3)],
    ]);
  });

  it('covers a range without any trade', () => {
    expect(chainDays([], range(0, 3), undefined)).toEqual([{ covered: range(0, 3), rows: [] }]);
  });

  it('covers nothing when the only day has none before it', () => {
    expect(chainDays([day(0, '1.00000000')], range(0, 1), undefined)).toEqual([]);
  });
});
