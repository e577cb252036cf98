import type { ClientBase } from 'pg';
import { UnsupportedServer } from './postgres-errors';

/** First major version with multiranges, in which coverage is kept. */
const oldestSupportedServer = 14;

/** Throws {@link UnsupportedServer} when the connected server is older than {@link oldestSupportedServer}. */
export async function requireSupportedServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  const [version] = rows;
  if (version !== undefined) assertSupported(version.number, version.text);
}

/** `versionNumber` as in `server_version_num`: 130014 is 13.14. */
export function assertSupported(versionNumber: number, versionText: string): void {
  if (Math.floor(versionNumber / 10_000) >= oldestSupportedServer) return;
  throw new UnsupportedServer(
    `PostgreSQL ${versionText} is too old: ${oldestSupportedServer} or newer is needed. ` +
      'Upgrade the server, or point DATABASE_URL at a newer one',
  );
}
