import { Pool, TypeOverrides } from 'pg';

/** Below the default `max_connections` of 100 with room for eight processes. */
const MAX_CONNECTIONS = 10;
/** How long a caller waits for a free connection, or a new one for its handshake. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement after this long. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** The client gives up after this long, for a server that hangs and enforces nothing. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000;
/** A transaction whose process hangs between two statements frees its locks after this long. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

const INT8_OID = 20;

export interface PoolOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What a DBA sees in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Told when an *idle* connection breaks; the pool replaces it by itself. Queries report their own errors. */
  readonly onError: (error: Error) => void;
}

/**
 * A pool that connects on first use, so it can be made while the server is still down. `bigint` comes back as a number,
 * and one that a number cannot hold exactly throws; `numeric` comes back as the server's own text. End it with `pool.end()`.
 */
export function createPool({ url, applicationName, onError }: PoolOptions): Pool {
  const types = new TypeOverrides();
  types.setTypeParser(INT8_OID, exactInteger);
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    types,
  });
  return pool.on('error', onError);
}

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`bigint ${text} does not fit a number exactly: select it as text instead`);
  }
  return value;
}
