import { SystemClock } from '@candlekeep/clock';
import { createPool, type Pool } from '@candlekeep/postgres';
import { databaseUrl } from './servers';

/** An empty database of one test file, on the server that `npm test` brings up. */
export interface ScratchDatabase {
  readonly url: string;
  /** A further pool on the database; closed by {@link ScratchDatabase.drop}. */
  connect(): Pool;
  /** Closes every pool and removes the database, whoever else is connected. */
  drop(): Promise<void>;
}

/** Creates a database with a name of its own. */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const name = `candlekeep_test_${new SystemClock().token().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(databaseUrl());
  url.pathname = `/${name}`;
  const pools: Pool[] = [];
  return {
    url: url.href,
    connect: () => {
      const pool = createPool({ url: url.href, applicationName: name, onError: ignore });
      pools.push(pool);
      return pool;
    },
    drop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const pool = createPool({ url: databaseUrl(), applicationName: 'tests', onError: ignore });
  try {
    await pool.query(statement);
  } finally {
    await pool.end();
  }
}

function ignore(): void {
  // Tests that kill connections look at their queries' own errors.
}
