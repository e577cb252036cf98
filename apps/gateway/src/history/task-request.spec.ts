import { parseTaskRequest } from './task-request';

const NOW = Date.parse('2026-03-10T12:34:56Z');
const parse = (wish: object) =>
  parseTaskRequest('backfill', { market: 'KRW-BTC', timeframe: '1m', ...wish }, NOW);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('a wish for a history task', () => {
  it('without an end reaches to the newest candle that is closed and settled', () => {
    const { range, openEnded, series } = parse({ from: '2026-03-01' });
    expect([iso(range.fromMs), iso(range.untilMs)]).toEqual([
      ...['2026-03-01T00:00:00.000Z', '2026-03-10T12:34:00.000Z'],
    ]);
    expect({ openEnded, code: series.timeframe.code }).toEqual({ openEnded: true, code: '1m' });
  });

  it('means the candles that open within, whatever instants were given', () => {
    const { range } = parse({
      ...{ timeframe: '1h', from: '2026-03-01T09:30:00+09:00', to: '2026-03-01T03:30:00Z' },
    });
    expect([iso(range.fromMs), iso(range.untilMs)]).toEqual([
      ...['2026-03-01T01:00:00.000Z', '2026-03-01T04:00:00.000Z'],
    ]);
  });

  it('is refused with every wrong field at once', () => {
    const refused =
      /market: expected one pair.*from: expected an ISO 8601.*"then" is none.*to: expected an ISO.*7 is none/;
    expect(() => parse({ market: 'BTC', from: 'then', to: 7 })).toThrow(refused);
  });

  it.each([
    [{ from: '2026-03-01T00:00' }, /seconds and a zone.*; "2026-03-01T00:00" is none/],
    [{ from: '2026-03-01 00:00:00' }, /; "2026-03-01 00:00:00" is none/],
    [{}, /from: expected an ISO 8601.*; nothing is none/],
    [{ from: '1969-12-31' }, /from 1970 on; "1969-12-31" is none/],
    [{ from: '2026-03-11' }, /from: expected no instant in the future; it is 2026-03-10T12:34:56/],
    [
      { from: '2026-03-10T12:34:00Z' },
      /a closed 1m candle opens; candles that opened before 2026-03-10T12:34:00\S* are closed/,
    ],
  ])('says what is wrong with its begin and what would be right: %j', (wish, refused) => {
    expect(() => parse(wish)).toThrow(refused);
  });

  it('for seconds is refused where the exchange has forgotten them', () => {
    const refused =
      /from: expected 2025-12-15T12:34:56\S* or later; the exchange keeps 1s candles for three months/;
    for (const kind of ['backfill', 'verification'] as const) {
      const wish = { market: 'KRW-BTC', timeframe: '1s' };
      expect(() => parseTaskRequest(kind, { ...wish, from: '2025-12-15' }, NOW)).toThrow(refused);
      const { range } = parseTaskRequest(kind, { ...wish, from: '2025-12-16' }, NOW);
      expect(iso(range.fromMs)).toBe('2025-12-16T00:00:00.000Z');
    }
    expect(iso(parse({ from: '2020-01-01' }).range.fromMs)).toBe('2020-01-01T00:00:00.000Z');
  });
});
