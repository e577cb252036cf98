import { readdir } from 'node:fs/promises';
import type { ClientBase } from 'pg';
import { DEFAULT_TABLE, type MigrationSet } from './migration-set';

/** How a list of migrations stands in a database. */
export interface MigrationState {
  /** Files that have not run yet, in the order of their numbers. */
  readonly pending: readonly string[];
  /** Names that ran, and that this build has no file for: a newer one was here. */
  readonly unknown: readonly string[];
}

/** Compares the files of a set with what ran in the connected database; changes nothing. */
export async function readMigrationState(
  client: Pick<ClientBase, 'query'>,
  { directory, table = DEFAULT_TABLE }: MigrationSet,
): Promise<MigrationState> {
  const files = await readdir(directory);
  const names = files.flatMap((file) => /^(.+)\.sql$/.exec(file)?.[1] ?? []).sort();
  const ran = await namesThatRan(client, table);
  return {
    pending: names.filter((name) => !ran.includes(name)),
    unknown: ran.filter((name) => !names.includes(name)),
  };
}

async function namesThatRan(
  client: Pick<ClientBase, 'query'>,
  table: string,
): Promise<readonly string[]> {
  const { rows: found } = await client.query<{ name: string | null }>(
    `SELECT to_regclass(format('%I.%I', current_schema(), $1::text))::text AS name`,
    [table],
  );
  const list = found[0]?.name ?? null;
  if (list === null) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${list} ORDER BY name`);
  return rows.map(({ name }) => name);
}
