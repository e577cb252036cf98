import path from 'node:path';
import { migrate, type MigrationSet, type Pool } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/** What makes the tables of strategies. */
export const strategyMigrations: MigrationSet = {
  directory: path.join(__dirname, '../migrations'),
  table: 'strategies_migrations',
};

/** Brings the tables of strategies to the newest version; every process calls it at start, any number at once. */
export async function migrateStrategies(pool: Pool, log: Logger): Promise<void> {
  await migrate(pool, { ...strategyMigrations, log });
}
