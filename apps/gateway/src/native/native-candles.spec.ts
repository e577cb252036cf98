import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { columnsOf } from './candle-columns';
import { NativeCandles } from './native-candles';

const MINUTE = 60_000;
const nowMs = Date.UTC(2026, 0, 20, 12);
const timeframe = Timeframe.parse('1m');
const asker = { name: 'someone', terms: { maxAgeMs: 1_000, onlyIfCached: false } };

const candles = new NativeCandles({
  answers: {
    answer: () => Promise.reject(new Error('let through')),
    newest: () => Promise.reject(new Error('let through')),
  },
  directory: { mayExist: () => Promise.resolve(true), heedUnknown: () => undefined },
  usage: { note: () => undefined },
  nowMs: () => nowMs,
});
const ask = (slots: number, format: 'rows' | 'columns') =>
  candles.answer(
    {
      series: { market: parseMarketCode('KRW-BTC'), timeframe },
      span: { kind: 'range', fromMs: nowMs - slots * MINUTE, untilMs: nowMs },
      ...{ closed: false, fill: 'sparse', format, numbers: 'text' },
      columns: columnsOf(timeframe),
    },
    asker,
  );

describe('a range whose form holds everything until the end', () => {
  it('takes 50,000 slots at most, so that others are not kept waiting while it is printed', async () => {
    await expect(ask(50_000, 'columns')).rejects.toThrow('let through');
    await expect(ask(50_001, 'columns')).rejects.toMatchObject({
      ...{ status: 400, errors: [{ field: 'format' }] },
    });
    await expect(ask(50_001, 'columns')).rejects.toThrow('50,000 at most');
    await expect(ask(50_001, 'rows')).rejects.toThrow('let through');
  });
});

describe('a question of a key that may have few rows', () => {
  const few = { ...asker, mostRows: 600 };
  const series = { market: parseMarketCode('KRW-BTC'), timeframe };
  const rest = {
    ...({ series, closed: false, fill: 'sparse', format: 'rows', numbers: 'text' } as const),
    columns: columnsOf(timeframe),
  };

  it('is refused before anything is read when its answer may hold more than an hour of them', async () => {
    const newest = async (count: number) =>
      await candles.newest({ ...rest, span: { kind: 'newest', count, beforeMs: nowMs } }, few);
    await expect(newest(600)).rejects.toThrow('let through');
    await expect(newest(601)).rejects.toMatchObject({ status: 400, errors: [{ field: 'count' }] });
    await expect(newest(601)).rejects.toThrow('600 rows at most');
    const range = async (slots: number) =>
      await candles.answer(
        { ...rest, span: { kind: 'range', fromMs: nowMs - slots * MINUTE, untilMs: nowMs } },
        few,
      );
    await expect(range(600)).rejects.toThrow('let through');
    await expect(range(601)).rejects.toMatchObject({ status: 400, errors: [{ field: 'from' }] });
  });
});
