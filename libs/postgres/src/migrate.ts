import type { Logger } from '@candlekeep/telemetry';
import { runner } from 'node-pg-migrate';
import type { ClientBase, Pool } from 'pg';
import { withAdvisoryLock } from './advisory-lock';
import { DEFAULT_TABLE, type MigrationSet } from './migration-set';
import { MigrationFailed } from './postgres-errors';
import { requireSupportedServer } from './server-version';

/** The runner's own line before each migration; the only place where it names the one that then fails. */
const ANNOUNCEMENT = /### MIGRATION (\S+) \(UP\) ###/;

export interface MigrationOptions extends MigrationSet {
  readonly log: Logger;
}

/**
 * Runs the SQL migrations that have not run yet, each in a transaction of its own. Any number of processes may call it
 * at once: they queue at an advisory lock, and all but the first find nothing to do. Throws {@link MigrationFailed},
 * `UnsupportedServer` or `LockTimedOut`; connection errors pass through.
 */
export async function migrate(pool: Pool, options: MigrationOptions): Promise<void> {
  const table = options.table ?? DEFAULT_TABLE;
  await withAdvisoryLock(pool, { name: `candlekeep:migrate:${table}` }, async (client) => {
    await requireSupportedServer(client);
    await runPending(client, { ...options, table });
  });
}

async function runPending(client: ClientBase, options: Required<MigrationOptions>): Promise<void> {
  let current = 'preparing the list of migrations';
  const announce = (line: string): void => {
    current = ANNOUNCEMENT.exec(line)?.[1] ?? current;
  };
  try {
    const ran = await runner({
      dbClient: client,
      dir: options.directory,
      migrationsTable: options.table,
      migrationsSchema: await firstSchema(client),
      direction: 'up',
      singleTransaction: false,
      // The runner's own lock gives up when it is taken; ours, around this, waits.
      noLock: true,
      logger: { info: announce, warn: announce, error: announce },
    });
    for (const { name } of ran) options.log.info(`migration ${name} applied`);
  } catch (error) {
    throw new MigrationFailed(
      `migration stopped at "${current}" in ${options.directory}: ${messageOf(error)}. ` +
        'It was rolled back; mend its cause and start again',
      { cause: error },
    );
  }
}

async function firstSchema(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>(
    'SELECT current_schema() AS schema',
  );
  return rows[0]?.schema ?? 'public';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
