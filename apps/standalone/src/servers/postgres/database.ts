import { Clock } from '@candlekeep/clock';
import { Client } from 'pg';
import { reasonOf } from '../../start-failure';
import { databaseUser } from './postgres-cluster';

/** How to reach one server of ours. */
export interface DatabaseAccess {
  readonly port: number;
  readonly password: string;
}

export type Answer =
  { readonly kind: 'answers' } | { readonly kind: 'silent'; readonly reason: string };

const database = 'candlekeep';
const connectTimeoutMs = 2_000;
const pollMs = 200;

/** The address of the database of the house. */
export function databaseUrl(access: DatabaseAccess): string {
  return urlOf(access, database);
}

/** Whether the server lets us in within `limitMs`; a real connection, since a process alone proves little. */
export async function waitForAnswer(
  access: DatabaseAccess,
  limitMs: number,
  clock: Clock,
): Promise<Answer> {
  const untilMs = clock.monotonicMs() + limitMs;
  for (;;) {
    try {
      await withClient(urlOf(access, 'postgres'), (client) => client.query('SELECT 1'));
      return { kind: 'answers' };
    } catch (error) {
      if (clock.monotonicMs() >= untilMs) return { kind: 'silent', reason: reasonOf(error) };
    }
    await clock.sleep(pollMs);
  }
}

/** Creates the database at the first start. */
export async function makeDatabase(access: DatabaseAccess): Promise<void> {
  await withClient(urlOf(access, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      database,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  });
}

function urlOf({ port, password }: DatabaseAccess, name: string): string {
  return `postgres://${databaseUser}:${password}@127.0.0.1:${port}/${name}`;
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  // A server that stops while we talk to it says so here too; the query rejects with the same error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end();
  }
}
