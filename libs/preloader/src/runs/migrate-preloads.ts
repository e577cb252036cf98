import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** What makes the tables of preload runs. */
export const preloadMigrations: MigrationSet = {
  directory: path.join(__dirname, 'migrations'),
  table: 'preload_migrations',
};

/** Brings the table of preload runs to the newest version; every process calls it at start, any number at once. */
export async function migratePreloads(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...preloadMigrations, log });
}
