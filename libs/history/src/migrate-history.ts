import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** What makes the tables of history tasks. */
export const historyMigrations: MigrationSet = {
  directory: path.join(__dirname, 'migrations'),
  table: 'history_migrations',
};

/** Brings the tables of history tasks to the newest version; every process calls it at start, any number at once. */
export async function migrateHistory(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...historyMigrations, log });
}
