import { Client, type ClientBase, DatabaseError, type Pool } from 'pg';
import { LockTimedOut } from './postgres-errors';

/** SQLSTATE of a wait that `lock_timeout` ended. */
const LOCK_NOT_AVAILABLE = '55P03';
/** Longer than any migration that a start should wait for. */
const DEFAULT_WAIT_MS = 300_000;

export interface AdvisoryLock {
  /** Names the lock within its database. */
  readonly name: string;
  /** How long to wait for whoever holds it, ms; default 300,000. */
  readonly waitMs?: number;
}

/**
 * Runs `work` on a connection of its own while no other session in the database holds the lock of that name. Waits for
 * the holder; throws {@link LockTimedOut} when it takes longer than `waitMs`. The connection has no statement time-out
 * and is closed afterwards, which releases the lock however the work, the process or the connection ended.
 */
export async function withAdvisoryLock<T>(
  pool: Pool,
  lock: AdvisoryLock,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const client = new Client({ ...pool.options, statement_timeout: false, query_timeout: 0 });
  client.on('error', ignore);
  await client.connect();
  try {
    await take(client, lock);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function take(client: Client, lock: AdvisoryLock): Promise<void> {
  const waitMs = lock.waitMs ?? DEFAULT_WAIT_MS;
  try {
    await client.query(`SET lock_timeout = ${waitMs}`);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock.name]);
    await client.query('RESET lock_timeout');
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new LockTimedOut(
      `the lock "${lock.name}" was held by another session for ${waitMs} ms: ` +
        `find it with SELECT pid FROM pg_locks WHERE locktype = 'advisory', then start again`,
      { cause: error },
    );
  }
}

function ignore(): void {
  // The query in flight rejects with the same error.
}
