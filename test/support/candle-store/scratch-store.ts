import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import type { Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { createScratchDatabase, type ScratchDatabase } from '../scratch-database';

/** An empty L2 of one test file. Its pool ends with the database. */
export interface ScratchStore {
  readonly database: ScratchDatabase;
  readonly pool: Pool;
  readonly store: PostgresCandleStore;
}

/** Creates a database with the tables of candles. */
export async function createScratchStore(): Promise<ScratchStore> {
  const database = await createScratchDatabase();
  const pool = database.connect();
  await migrateCandleStore(pool, silentLogger);
  return { database, pool, store: new PostgresCandleStore(pool) };
}
