export { type AdvisoryLock, withAdvisoryLock } from './advisory-lock';
export { migrate, type MigrationOptions } from './migrate';
export { createPool, type PoolOptions } from './pool';
export { LockTimedOut, MigrationFailed, UnsupportedServer } from './postgres-errors';
export { oldestSupportedServer, requireSupportedServer } from './server-version';
export { refusesValue } from './sql-state';
export { detectTimescale, type Timescale } from './timescale';
export { inTransaction } from './transaction';
export type { ClientBase, Pool } from 'pg';
