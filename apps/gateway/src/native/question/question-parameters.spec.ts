import { LATEST_MS } from '@candlekeep/candle-cache';
import { ApiRefusal } from '../../api/api-refusal';
import { readQuestion } from './question-parameters';

const read = (query: string, accept?: string) =>
  readQuestion(new URLSearchParams(`market=KRW-BTC&timeframe=1m&${query}`), accept);
/** What is wrong, by field. */
const wrong = (query: string): Readonly<Record<string, string>> => {
  try {
    readQuestion(new URLSearchParams(query), undefined);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    expect(error.status).toBe(400);
    return Object.fromEntries(error.errors.map(({ field, expected }) => [field, expected]));
  }
  return {};
};
const noon = Date.UTC(2026, 0, 5, 12);

describe('the parameters of GET /api/candles', () => {
  it('mean the newest 200 rows as exact text where nothing else is said', () => {
    const { span, closed, fill, format, numbers, columns } = read('');
    expect(span).toEqual({ kind: 'newest', count: 200, beforeMs: LATEST_MS });
    expect({ closed, fill, format, numbers }).toEqual({
      ...{ closed: false, fill: 'sparse', format: 'rows', numbers: 'text' },
    });
    expect(columns.map(({ name }) => name).join()).toBe(
      'openMs,open,high,low,close,volume,turnover,timestampMs',
    );
  });

  it('take any market spelling, the short names of hours, and columns in the order given', () => {
    const parameters = 'market=krw-btc&timeframe=4h&columns=close,openMs&count=10000&closed=true';
    const { series, columns, span, closed } = readQuestion(
      new URLSearchParams(parameters),
      undefined,
    );
    expect([series.market, series.timeframe.code, closed]).toEqual(['KRW-BTC', '240m', true]);
    expect(columns.map(({ name }) => name)).toEqual(['close', 'openMs']);
    expect(span).toMatchObject({ count: 10_000 });
  });

  it.each([
    '2026-01-05T12:00:00Z',
    '2026-01-05T21:00:00%2B09:00',
    '2026-01-05T21:00:00+09:00',
    String(noon),
  ])('take the instant %s', (to) => {
    expect(read(`to=${to}`).span).toMatchObject({ beforeMs: noon });
    expect(read(`from=${to}`).span).toEqual({ kind: 'range', fromMs: noon, untilMs: LATEST_MS });
  });

  it('take bounds between two opens for the next open', () => {
    const range = read(`from=${noon + 1}&to=${noon + 120_001}`).span;
    expect(range).toEqual({ kind: 'range', fromMs: noon + 60_000, untilMs: noon + 180_000 });
  });

  it('take no seconds for milliseconds, but the beginning of time', () => {
    for (const given of ['1767614400', '1', '999999999999']) {
      expect(wrong(`market=KRW-BTC&timeframe=1m&from=${given}`)).toEqual({
        from: 'that looks like seconds: expected epoch ms or ISO 8601',
      });
    }
    expect(read('from=0').span).toMatchObject({ fromMs: 0 });
    expect(read('from=1000000000000').span).toMatchObject({ kind: 'range' });
    expect(read('from=2001-01-01T00:00:00Z').span).toMatchObject({ kind: 'range' });
  });

  it('have the columns of a day with days only', () => {
    const day = readQuestion(new URLSearchParams('market=KRW-BTC&timeframe=1d'), undefined);
    expect(day.columns.map(({ name }) => name)).toContain('changeRate');
    expect(wrong('market=KRW-BTC&timeframe=1m&columns=close,changeRate')).toEqual({
      columns: 'expected changeRate with timeframe 1d only',
    });
  });

  it.each(['', 'openMs,,close', ' ', 'constructor'])(
    'name columns that there are, which "%s" does not',
    (columns) => {
      const { columns: expected = '' } = wrong(`market=KRW-BTC&timeframe=1m&columns=${columns}`);
      const strange = columns === 'openMs,,close' ? '' : columns;
      expect(expected).toMatch(/^expected names out of openMs, /);
      expect(expected.endsWith(`; ${JSON.stringify(strange)} is none`)).toBe(true);
    },
  );

  it.each([
    ['text/csv', '', 'csv'],
    ['application/vnd.apache.arrow.stream', '', 'arrow'],
    ['text/csv;q=0.1, application/json', '', 'rows'],
    ['text/html', '', 'rows'],
    ['text/csv', 'format=columns', 'columns'],
  ])('and Accept %s with "%s" ask for %s', (accept, query, format) => {
    expect(read(query, accept).format).toBe(format);
  });

  it.each([
    ['', ['market', 'timeframe']],
    ['market=BTC&timeframe=1m', ['market']],
    ['market=KRW-BTC&timeframe=2m', ['timeframe']],
    ['market=KRW-BTC&timeframe=1m&count=0', ['count']],
    ['market=KRW-BTC&timeframe=1m&count=10001', ['count']],
    ['market=KRW-BTC&timeframe=1m&count=1.5', ['count']],
    ['market=KRW-BTC&timeframe=1m&count=5&count=6', ['count']],
    ['market=KRW-BTC&timeframe=1m&count=5&from=2026-01-05T12:00:00Z', ['count']],
    ['market=KRW-BTC&timeframe=1m&from=2026-01-05T12:00:00', ['from']],
    ['market=KRW-BTC&timeframe=1m&to=2026-02-31T00:00:00Z', ['to']],
    ['market=KRW-BTC&timeframe=1m&from=1767614400000&to=1767614400000', ['to']],
    ['market=KRW-BTC&timeframe=1m&closed=yes&fill=zero', ['closed', 'fill']],
    ['market=KRW-BTC&timeframe=1m&format=xml&numbers=float', ['format', 'numbers']],
    ['market=KRW-BTC&timeframe=1m&columns=close,close', ['columns']],
    ['market=KRW-BTC&timeframe=1m&columns=price&limit=5', ['columns', 'limit']],
  ])('are refused by name in "%s"', (query, fields) => {
    const refused = wrong(query);
    expect(Object.keys(refused).sort()).toEqual([...fields].sort());
    for (const expected of Object.values(refused)) expect(expected).toMatch(/^expected /);
  });
});
