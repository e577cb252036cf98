import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';
import { preferHypertable } from './hypertable';

/** What makes the store's tables. */
export const candleMigrations: MigrationSet = { directory: path.join(__dirname, 'migrations') };

/**
 * Brings the store's tables to the newest version; every process calls it at start, any number at once. Throws what
 * `migrate` throws. Without a usable TimescaleDB the tables are plain.
 */
export async function migrateCandleStore(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...candleMigrations, log });
  await preferHypertable(pool, log);
}
