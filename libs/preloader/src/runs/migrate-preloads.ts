import path from 'node:path';
import { migrate, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** Brings the table of preload runs to the newest version; every process calls it at start, any number at once. */
export async function migratePreloads(pool: Pool, log: Logger): Promise<void> {
  const directory = path.join(__dirname, 'migrations');
  await migrate(pool, { directory, table: 'preload_migrations', log });
}
