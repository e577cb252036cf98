import type { ClientBase, Pool, PoolClient } from 'pg';

/**
 * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects, with its own
 * error. A connection that cannot even roll back is closed instead of returned, which rolls back on the server.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A checked-out connection that breaks emits 'error' besides failing its query; unheard, that would end the process.
  client.on('error', ignore);
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = !(await tryRollback(client));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

async function tryRollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

function ignore(): void {
  // The query in flight rejects with the same error.
}
