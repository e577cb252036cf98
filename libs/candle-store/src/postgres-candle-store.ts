import type { Series } from '@candlekeep/market';
import { inTransaction, type Pool } from '@candlekeep/postgres';
import { assertSavable, type CandlePage } from './candle-page';
import { type KnownCandles, knownCandles, type ReadRow, readStatement } from './read-candles';
import { coverStatement, type SavedPage, savedPage, upsertStatement } from './save-candles';
import { storeFailure } from './store-failure';

/** L2 in Postgres: final candles for good, and the ranges in which they are all there. Tables: `migrateCandleStore`. */
export class PostgresCandleStore {
  constructor(private readonly pool: Pool) {}

  /**
   * What is known of the candles that open before `beforeMs`: the newest `limit` rows, newest first, and the coverage of
   * the whole series, both from one snapshot. Throws {@link CandleStoreUnavailable}, or `InvalidValue` for a query that
   * is none.
   */
  async read(series: Series, query: { beforeMs: number; limit: number }): Promise<KnownCandles> {
    const statement = readStatement(series, query);
    try {
      const found = await this.pool.query<ReadRow>(statement);
      return knownCandles(found.rows);
    } catch (error) {
      throw storeFailure('read', series, error);
    }
  }

  /**
   * Stores final rows and the range they prove, both or neither. The same page twice changes nothing; a row that differs
   * from the stored one replaces it and is counted. Throws {@link CandleStoreUnavailable}, or `InvalidValue` for a page
   * that {@link assertSavable} refuses or an amount that its column cannot hold.
   */
  async save(page: CandlePage): Promise<SavedPage> {
    assertSavable(page);
    const cover = coverStatement(page);
    const upsert = upsertStatement(page);
    try {
      return await inTransaction(this.pool, async (client) => {
        await client.query(cover);
        if (page.rows.length === 0) return { inserted: 0, corrected: 0 };
        const written = await client.query<{ corrections: number }>(upsert);
        return savedPage(written.rows);
      });
    } catch (error) {
      throw storeFailure('save', page.series, error);
    }
  }
}
