import { taskOf } from '../testing/tasks';
import { reportBackfill, reportVerification } from './report';

describe('the report on a backfill', () => {
  it.each([
    [{ pages: 2, calls: 3, rows: 400 }, 0, 'done: 400 rows in 2 pages, 3 calls'],
    [{ pages: 1, calls: 1, rows: 1 }, 0, 'done: 1 row in 1 page, 1 call'],
    [{}, 0, 'done: all of it was known already'],
    [
      { pages: 1, calls: 1 },
      ...[
        0,
        'done: 0 rows in 1 page, 1 call; where something was unknown the exchange has no candle',
      ],
    ],
    [{ state: 'cancelled' }, 1, 'cancelled: 0 rows in 0 pages, 0 calls'],
    [{ state: 'failed', reason: 'no' }, 1, 'failed, no: 0 rows in 0 pages, 0 calls'],
  ] as const)('says what %j means', (change, code, line) => {
    expect(reportBackfill(taskOf({ state: 'done', ...change }))).toEqual({ lines: [line], code });
  });
});

describe('the report on a verification', () => {
  const done = (change: object) =>
    reportVerification(
      taskOf({ kind: 'verification', state: 'done', verdict: 'equal', ...change }),
    );

  it('says that all is equal only when something was compared', () => {
    expect(done({ compared: 5, calls: 1 })).toEqual({
      lines: [
        'done: 5 rows compared, 0 differences (0 missing, 0 surplus, 0 different), 0 rows not stored before, 1 call',
        "verdict: every stored candle is the exchange's own",
      ],
      code: 0,
    });
    const nothing = 'verdict: nothing was stored there, so nothing was compared';
    expect(done({ added: 7 })).toMatchObject({ code: 3 });
    expect(done({ added: 7 }).lines.at(-1)).toBe(`${nothing} (7 rows are stored now)`);
    expect(done({ added: 1 }).lines.at(-1)).toBe(`${nothing} (1 row is stored now)`);
  });

  it('names what differed, and how much more there is', () => {
    const differences = [{ open: '2026-01-02T00:00:00.000Z', kind: 'missing' }];
    const { lines, code } = done({ verdict: 'repaired', missing: 3, differences });
    expect(code).toBe(1);
    expect(lines).toEqual([
      '  2026-01-02T00:00:00.000Z missing',
      '  … and 2 more',
      expect.stringContaining('0 rows compared, 3 differences (3 missing,'),
      "verdict: the stored candles differed and are now the exchange's own",
    ]);
  });

  it('has no verdict where it did not come to an end', () => {
    expect(done({ state: 'cancelled', verdict: undefined })).toMatchObject({
      lines: [expect.stringMatching(/^cancelled: 0 rows/)],
      code: 1,
    });
  });
});
