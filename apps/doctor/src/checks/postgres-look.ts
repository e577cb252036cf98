import { accessMigrations, KeyBook } from '@candlekeep/access';
import { candleMigrations, type CandleTable, readCandleTable } from '@candlekeep/candle-store';
import type { Clock } from '@candlekeep/clock';
import { historyMigrations } from '@candlekeep/history';
import { variables } from '@candlekeep/lifecycle';
import {
  createPool,
  type MigrationState,
  type Pool,
  readMigrationState,
  readServerFacts,
  requireSupportedServer,
  type ServerFacts,
  serverTimeMs,
  UnsupportedServer,
} from '@candlekeep/postgres';
import { preloadMigrations } from '@candlekeep/preloader';
import { strategyMigrations } from '@candlekeep/strategies';
import { usageMigrations } from '@candlekeep/usage';
import { addressText } from '../address';
import { type Offset, readOffset } from '../clock-offset';
import { reasonOf } from '../finding';

/** What was found at the address of Postgres. */
export type PostgresLook =
  /** No address is given. */
  | { readonly kind: 'none' }
  | { readonly kind: 'away'; readonly address: string; readonly reason: string }
  | { readonly kind: 'too old'; readonly reason: string }
  | {
      readonly kind: 'there';
      readonly address: string;
      readonly facts: ServerFacts;
      readonly schema: MigrationState;
      readonly candles: CandleTable;
      /** Keys that may ask; undefined before there is a table of keys. */
      readonly activeKeys: number | undefined;
      readonly offset: Offset;
    };

/** A Postgres that answers and is new enough. */
export type PostgresThere = Extract<PostgresLook, { readonly kind: 'there' }>;

/** What every process brings the schema to at its start. */
const MIGRATIONS = [
  ...[candleMigrations, historyMigrations, strategyMigrations],
  ...[usageMigrations, preloadMigrations, accessMigrations],
];

/** Asks the server at `url` what it is and what it holds; changes nothing there. */
export async function lookAtPostgres(url: string | undefined, clock: Clock): Promise<PostgresLook> {
  if (url === undefined) return { kind: 'none' };
  const address = addressText(url);
  if (!variables.DATABASE_URL.safeParse(url).success || !URL.canParse(url)) {
    return {
      kind: 'away',
      address,
      reason: 'expected postgres://user:password@host:port/database',
    };
  }
  const pool = createPool({ url, applicationName: 'candlekeep-doctor', onError: () => undefined });
  // What this process holds is missing to others.
  pool.options.max = 1;
  try {
    return await examine(pool, address, clock);
  } catch (error) {
    if (error instanceof UnsupportedServer) return { kind: 'too old', reason: error.message };
    return { kind: 'away', address, reason: reasonOf(error) };
  } finally {
    await pool.end();
  }
}

async function examine(pool: Pool, address: string, clock: Clock): Promise<PostgresThere> {
  const client = await pool.connect();
  try {
    await requireSupportedServer(client);
  } finally {
    client.release();
  }
  const offset = await readOffset(() => serverTimeMs(pool), clock);
  const schema = await readSchema(pool);
  const { pending } = await readMigrationState(pool, accessMigrations);
  return {
    ...{ kind: 'there', address, facts: await readServerFacts(pool), schema, offset },
    candles: await readCandleTable(pool),
    activeKeys: pending.length === 0 ? (await new KeyBook(pool).active()).length : undefined,
  };
}

async function readSchema(pool: Pool): Promise<MigrationState> {
  const pending: string[] = [];
  const unknown: string[] = [];
  for (const set of MIGRATIONS) {
    const state = await readMigrationState(pool, set);
    pending.push(...state.pending);
    unknown.push(...state.unknown);
  }
  return { pending, unknown };
}
