import type { CandleStore, SavedPage } from '@candlekeep/candle-cache';
import { findNewerToken } from '@candlekeep/candle-cache';
import { InvalidValue, type Series } from '@candlekeep/market';
import { candle, freshSeries, keep, minutes, pageOf, readAll } from './pages';

const DEPOSED = { code: 'DEPOSED', retryable: false };

/** Who may write under a lease. */
export function describeFences(store: () => CandleStore): void {
  let leases = 0;
  let name: string;
  const write = (series: Series, minute: number, token: number): Promise<SavedPage> =>
    keep(store(), {
      ...{ series, rows: [candle(minute)], covered: minutes(minute, minute + 1) },
      ...{ provenance: 'stream', fence: { name, token } },
    });

  beforeEach(() => {
    leases += 1;
    name = `lease-${leases}`;
  });

  it('takes equal and larger tokens, and keeps nothing of a smaller one, of whatever series', async () => {
    const [series, other] = [freshSeries(), freshSeries()];
    for (const [minute, token] of [7, 7, 9, 9].entries()) await write(series, minute, token);
    for (const late of [series, other]) {
      const refused: unknown = await write(late, 4, 8).catch((error: unknown) => error);
      expect(refused).toMatchObject(DEPOSED);
      expect(findNewerToken(refused)).toBe(9);
    }
    expect((await readAll(store(), series)).coverage.ranges).toEqual([minutes(0, 4)]);
    expect((await readAll(store(), other)).coverage.isEmpty).toBe(true);
  });

  it('asks nobody for a token who shows none, and compares those of one name only', async () => {
    const series = freshSeries();
    await write(series, 0, 9);
    await keep(store(), { series, rows: [candle(1)], covered: minutes(1, 2) });
    name += '-of-another';
    await write(series, 2, 1);
    expect((await readAll(store(), series)).coverage.ranges).toEqual([minutes(0, 3)]);
  });

  it('refuses a page that says nothing new as well', async () => {
    const series = freshSeries();
    await write(series, 0, 1);
    await write(series, 1, 2);
    await expect(write(series, 0, 1)).rejects.toMatchObject(DEPOSED);
  });

  it('remembers no token of a page that it did not keep', async () => {
    const series = freshSeries();
    await write(series, 0, 1);
    const basis = [{ timeframe: series.timeframe, revision: 1 }];
    const draft = { series, rows: [], covered: minutes(1, 2), fence: { name, token: 2 } };
    const stale = await pageOf(store(), { ...draft, basis });
    await expect(store().save(stale)).rejects.toMatchObject({ code: 'STALE_BASIS' });
    expect(await write(series, 1, 1)).toMatchObject({ inserted: 1 });
  });

  it.each([0, -1, 1.5, NaN])('refuses %p as a token', async (token) => {
    const series = freshSeries();
    await expect(write(series, 0, token)).rejects.toThrow(InvalidValue);
    expect((await readAll(store(), series)).coverage.isEmpty).toBe(true);
  });
}
