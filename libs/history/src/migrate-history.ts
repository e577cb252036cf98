import path from 'node:path';
import { migrate, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** Brings the tables of history tasks to the newest version; every process calls it at start, any number at once. */
export async function migrateHistory(pool: Pool, log: Logger): Promise<void> {
  const directory = path.join(__dirname, 'migrations');
  await migrate(pool, { directory, table: 'history_migrations', log });
}
