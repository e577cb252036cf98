import { ApiRefusal } from '../../api/api-refusal';
import { parseBatch } from './batch-request';

const series = { market: 'KRW-BTC', timeframe: '1m' };
const refusal = (given: unknown): ApiRefusal => {
  try {
    parseBatch(given);
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
  }
  throw new Error('it was not refused');
};

describe('the body of a batch', () => {
  it('holds questions as values', () => {
    const [item] = parseBatch({
      requests: [
        {
          id: 'a',
          ...series,
          count: 5,
          closed: true,
          columns: ['close'],
          to: 0,
          maxAgeSeconds: 60,
        },
      ],
    });
    expect(item).toMatchObject({
      id: 'a',
      asked: { kind: 'understood', maxAgeMs: 60_000, question: { closed: true } },
    });
  });

  it('keeps a bad question beside the good ones', () => {
    const items = parseBatch({
      requests: [series, { ...series, id: 'b', count: '5' }, { ...series, from: 0 }, {}],
    });
    expect(items.map(({ asked }) => asked.kind)).toEqual([
      ...['understood', 'refused', 'refused', 'refused'],
    ]);
    expect(items[1]).toMatchObject({ id: 'b', asked: { errors: [{ field: 'count' }] } });
    expect(items[2]).toMatchObject({ asked: { errors: [{ field: 'from' }] } });
  });

  it.each([
    ['no object', 7, 'body'],
    ['nothing', null, 'body'],
    ['a bare list', [], 'body'],
    ['no list', {}, 'requests'],
    ['an empty list', { requests: [] }, 'requests'],
    ['too many', { requests: Array(101).fill(series) }, 'requests'],
    ['no questions', { requests: [series, 7] }, 'requests[1]'],
    ['too much', { requests: Array(11).fill({ ...series, count: 10_000 }) }, 'requests'],
  ])('is refused as a whole when it is %s', (_, given, field) => {
    expect(refusal(given)).toMatchObject({
      status: 400,
      errors: [{ field }],
    });
  });

  it('is refused in the words of JSON', () => {
    const members =
      'id, market, timeframe, count, to, closed, fill, columns, numbers, format, maxAgeSeconds';
    const refusedItem = (given: object) => {
      const [item] = parseBatch({ requests: [{ ...series, ...given }] });
      return item?.asked.kind === 'refused' ? item.asked.errors : [];
    };
    expect(refusedItem({ limit: 5 })).toEqual([
      { field: 'limit', expected: `expected no such name; known: ${members}` },
    ]);
    const [columns] = refusedItem({ columns: 'openMs,close' });
    expect(columns?.field).toBe('columns');
    expect(columns?.expected).toMatch(/^expected a list of names out of openMs, /);
    expect(refusedItem({ count: '1' })).toEqual([
      { field: 'count', expected: 'expected a JSON number, a whole one from 1 to 10,000' },
    ]);
    expect(refusedItem({ from: 0, count: 5 })).toEqual([
      {
        field: 'from',
        expected: 'expected no range in a batch: ask GET /api/candles for it',
      },
    ]);
  });

  it.each(['csv', 'arrow', 'xml', 3])('has no %s in it, which is no JSON', (format) => {
    const [item] = parseBatch({ requests: [{ ...series, format }] });
    const expected = 'expected rows or columns in a batch, which is JSON';
    expect(item).toMatchObject({
      asked: { kind: 'refused', errors: [{ field: 'format', expected }] },
    });
  });
});
