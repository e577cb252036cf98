import { type Series, seriesName } from '@candlekeep/market';

/** One at a time for each series, in the order of asking; series do not wait for each other. Of this process only. */
export class SeriesTurns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does the work when all that was asked for before has ended, however it ended. */
  async take<Result>(series: Series, work: () => Promise<Result>): Promise<Result> {
    const name = seriesName(series);
    const before = this.last.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    this.last.set(name, own);
    try {
      return await own;
    } finally {
      if (this.last.get(name) === own) this.last.delete(name);
    }
  }
}
