import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** What makes the table of keys. */
export const accessMigrations: MigrationSet = {
  directory: path.join(__dirname, 'migrations'),
  table: 'access_migrations',
};

/** Brings the table of keys to the newest version; every process that looks at it calls it at start, any number at once. */
export async function migrateAccess(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...accessMigrations, log });
}
