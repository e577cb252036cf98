import path from 'node:path';
import { migrate, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** Brings the tables of what was learned to the newest version; every process calls it at start, any number at once. */
export async function migrateUsage(pool: Pool, log: Logger): Promise<void> {
  const directory = path.join(__dirname, 'migrations');
  await migrate(pool, { directory, table: 'usage_migrations', log });
}
