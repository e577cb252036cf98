import type { ClientBase } from 'pg';

/** What a server says of itself and of the connected database. */
export interface ServerFacts {
  /** `17.5 (Debian …)`. */
  readonly version: string;
  /** A replica takes no writes. */
  readonly isReplica: boolean;
  /** Connections that an ordinary user may still open. */
  readonly freeConnections: number;
  /** All that ordinary users may hold. */
  readonly maxConnections: number;
}

/** Reserved places are kept from ordinary users; `reserved_connections` came with version 16. */
const FACTS = `
  WITH places AS (
    SELECT current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int
             - COALESCE(current_setting('reserved_connections', true), '0')::int AS most)
  SELECT current_setting('server_version') AS version,
         pg_is_in_recovery() AS replica,
         most,
         most - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS free
    FROM places`;

interface FactsRow {
  readonly version: string;
  readonly replica: boolean;
  readonly most: number;
  readonly free: number;
}

/** Asks the connected server what it is; the asker's own connection counts as taken. */
export async function readServerFacts(client: Pick<ClientBase, 'query'>): Promise<ServerFacts> {
  const { rows } = await client.query<FactsRow>(FACTS);
  const [row] = rows;
  if (row === undefined) throw new Error('the server answered its own settings with no row');
  const { version, replica, most, free } = row;
  return { version, isReplica: replica, maxConnections: most, freeConnections: free };
}

/** The server's time, epoch ms. */
export async function serverTimeMs(client: Pick<ClientBase, 'query'>): Promise<number> {
  const { rows } = await client.query<{ ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  return rows[0]?.ms ?? Number.NaN;
}
