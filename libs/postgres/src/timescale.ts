import type { ClientBase } from 'pg';

/** Whether this server can keep hypertables. `available` needs `CREATE EXTENSION` first, and the right to do it. */
export type Timescale =
  | { readonly kind: 'absent' }
  | { readonly kind: 'available'; readonly version: string }
  | { readonly kind: 'installed'; readonly version: string };

/** Looks for the TimescaleDB extension on the connected server and in the connected database. */
export async function detectTimescale(client: Pick<ClientBase, 'query'>): Promise<Timescale> {
  const { rows } = await client.query<{ available: string; installed: string | null }>(
    `SELECT default_version AS available, installed_version AS installed
       FROM pg_available_extensions WHERE name = 'timescaledb'`,
  );
  const [extension] = rows;
  if (extension === undefined) return { kind: 'absent' };
  if (extension.installed === null) return { kind: 'available', version: extension.available };
  return { kind: 'installed', version: extension.installed };
}
