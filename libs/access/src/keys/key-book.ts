import type { Pool } from '@candlekeep/postgres';
import { onServer } from '../access-unavailable';
import { SCOPES, scopesWithin } from '../scope';
import type { ActiveKey, ApiKey, KeyWish } from './api-key';
import { formatKeyText, hashOfSecret, newKeyText } from './key-text';

const COLUMNS = 'id, name, scopes, rows_per_minute, created_at, revoked_at, last_used_at';

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly rows_per_minute: number | null;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

type ActiveRow = Pick<KeyRow, 'id' | 'name' | 'scopes' | 'rows_per_minute'> & {
  readonly secret_hash: Buffer;
};

/** A key that was made just now, and its text, which is never shown again. */
export interface NewKey {
  readonly key: ApiKey;
  readonly text: string;
}

/** Keys in Postgres. Every method is one statement, and rejects with `AccessUnavailable`. */
export class KeyBook {
  constructor(private readonly pool: Pool) {}

  async create({ name, scope = 'read', rowsPerMinute }: KeyWish): Promise<NewKey> {
    const made = newKeyText();
    const text = `
      INSERT INTO api_keys (id, name, secret_hash, scopes, rows_per_minute)
      VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`;
    const scopes = scopesWithin(scope);
    const values = [made.id, name, hashOfSecret(made.secret), scopes, rowsPerMinute ?? null];
    const [row] = await this.rows<KeyRow>('keep a key', text, values);
    if (row === undefined) throw new TypeError('an insert that returns its row returned none');
    return { key: keyOf(row), text: formatKeyText(made) };
  }

  /** All keys that ever were, the oldest first. */
  async list(): Promise<readonly ApiKey[]> {
    const text = `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, id`;
    return (await this.rows<KeyRow>('read the keys', text)).map(keyOf);
  }

  /** The key as it is from now on; undefined when there is none that could be revoked. */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const text = `
      UPDATE api_keys SET revoked_at = clock_timestamp()
       WHERE id = $1 AND revoked_at IS NULL RETURNING ${COLUMNS}`;
    return (await this.rows<KeyRow>('revoke a key', text, [id])).map(keyOf)[0];
  }

  /** The keys that may ask now. */
  async active(): Promise<readonly ActiveKey[]> {
    const text = `
      SELECT id, name, scopes, rows_per_minute, secret_hash
        FROM api_keys WHERE revoked_at IS NULL`;
    return (await this.rows<ActiveRow>('read the keys', text)).map((row) => ({
      ...{ id: row.id, name: row.name, scopes: scopesOf(row.scopes) },
      ...{ rowsPerMinute: row.rows_per_minute ?? undefined, secretHash: row.secret_hash },
    }));
  }

  /** Notes that these were used just now. */
  async noteUsed(ids: readonly string[]): Promise<void> {
    const text = 'UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = ANY ($1)';
    await this.rows('note the use of keys', text, [ids]);
  }

  private async rows<Row extends object>(
    task: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const query = () => this.pool.query<Row>(text, [...values]);
    return (await onServer(task, 'DATABASE_URL', query)).rows;
  }
}

function keyOf(row: KeyRow): ApiKey {
  return {
    ...{ id: row.id, name: row.name, scopes: scopesOf(row.scopes) },
    rowsPerMinute: row.rows_per_minute ?? undefined,
    createdAtMs: row.created_at.getTime(),
    revokedAtMs: row.revoked_at?.getTime(),
    lastUsedAtMs: row.last_used_at?.getTime(),
  };
}

function scopesOf(names: readonly string[]) {
  return SCOPES.filter((scope) => names.includes(scope));
}
