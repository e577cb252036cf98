import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** What makes the tables of what was learned. */
export const usageMigrations: MigrationSet = {
  directory: path.join(__dirname, 'migrations'),
  table: 'usage_migrations',
};

/** Brings the tables of what was learned to the newest version; every process calls it at start, any number at once. */
export async function migrateUsage(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...usageMigrations, log });
}
