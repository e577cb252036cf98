import { InvalidValue } from '@candlekeep/market';
import { type ClientBase, inTransaction, type Pool } from '@candlekeep/postgres';
import type { ModelRow } from './model/usage-model';
import { parsePosition } from './note-position';
import { onUsageBook } from './usage-failure';

/** What was learned up to a place in the stream of notes. */
export interface LearnedUsage {
  readonly rows: readonly ModelRow[];
  /** What the rows were learned from ends here; `0` for nothing. */
  readonly lastId: string;
  /** When that was noted, epoch ms of the queue server's clock; 0 for nothing. */
  readonly untilMs: number;
}

interface LoadedRow {
  readonly last_id: string;
  readonly key: string | null;
  readonly data: unknown;
}

/** One statement, so the rows and their place are of one moment. */
const LOAD = `
  SELECT state.last_id, model.key, model.data
    FROM usage_state AS state LEFT JOIN usage_model AS model ON true`;

/** Also the lock under which saves follow each other: a later one sees the token of the one before. */
const ADVANCE = `
  UPDATE usage_state SET last_id = $1, token = $2, updated_at = clock_timestamp()
   WHERE token <= $2`;

const CLAIM = `UPDATE usage_state SET token = $1 WHERE token < $1`;

const PUT = `
  INSERT INTO usage_model AS model (key, data)
  SELECT key, data::jsonb FROM unnest($1::text[], $2::text[]) AS changed (key, data)
  ON CONFLICT (key) DO UPDATE SET data = EXCLUDED.data, updated_at = clock_timestamp()`;

const BEGINNING = '0';
const REMOVE = 'DELETE FROM usage_model WHERE key = ANY ($1::text[])';

export interface UsageBookOptions {
  /** Told of a place in the stream that cannot be read: what was learned counts, and the stream is read from its beginning. */
  readonly onUnreadable?: (error: InvalidValue) => void;
}

/** What was learned of usage, in Postgres. It is one whole: rows, and the place in the stream up to which they were learned. */
export class UsageBook {
  constructor(
    private readonly pool: Pool,
    private readonly options: UsageBookOptions = {},
  ) {}

  /**
   * What was saved last. A learner passes its lease's token: from then on whoever has an older one is refused, so that nobody saves
   * between this and the learner's own first save. Rejects with `UsageUnavailable`.
   */
  async load(token?: number): Promise<LearnedUsage> {
    return await onUsageBook('load what was learned of usage', async () => {
      if (token !== undefined) await this.pool.query(CLAIM, [token]);
      const { rows } = await this.pool.query<LoadedRow>(LOAD);
      const lastId = this.readable(rows[0]?.last_id ?? BEGINNING);
      const learned = rows.flatMap(({ key, data }) => (key === null ? [] : { key, data }));
      return { rows: learned, lastId, untilMs: parsePosition(lastId).ms };
    });
  }

  private readable(lastId: string): string {
    try {
      parsePosition(lastId);
      return lastId;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `the row of usage_state holds a last_id that is none: ${reason}`;
      this.options.onUnreadable?.(new InvalidValue(message, { cause }));
      return BEGINNING;
    }
  }

  /**
   * Saves all changes and their place at once, or nothing. False, and nothing saved, when somebody with a larger token has loaded or
   * saved: the lease is another's. Rejects with `UsageUnavailable`; the same save may be tried again.
   */
  async save(changes: readonly ModelRow[], lastId: string, token: number): Promise<boolean> {
    return await onUsageBook('save what was learned of usage', () =>
      inTransaction(this.pool, async (client) => {
        const { rowCount } = await client.query(ADVANCE, [lastId, token]);
        if (rowCount === 0) return false;
        await write(client, changes);
        return true;
      }),
    );
  }
}

/** Of several changes of one key the last counts. */
async function write(client: ClientBase, changes: readonly ModelRow[]): Promise<void> {
  const last = [...new Map(changes.map((row) => [row.key, row])).values()];
  const put = last.filter(({ data }) => data !== undefined);
  const removed = last.filter(({ data }) => data === undefined).map(({ key }) => key);
  if (put.length > 0) {
    const texts = put.map(({ data }) => JSON.stringify(data));
    await client.query(PUT, [put.map(({ key }) => key), texts]);
  }
  if (removed.length > 0) await client.query(REMOVE, [removed]);
}
