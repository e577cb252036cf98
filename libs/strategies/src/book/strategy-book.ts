import type { Pool } from '@candlekeep/postgres';
import { isStrategyId } from '../reading/field-schemas';
import type { Strategy } from '../strategy';
import { onBook } from './book-failure';
import { StrategyRefused } from '../strategy-refused';
import {
  type ListedStrategy,
  listedOf,
  type StoredStrategy,
  storedOf,
  storedOrRefused,
  STRATEGY_COLUMNS,
  type StrategyRow,
} from './strategy-row';

/** Taken before the strategy's own row, by every change, so that no two changes wait for each other. */
const COUNTED = `
  WITH counted AS (UPDATE strategy_changes SET revision = revision + 1 RETURNING revision)`;

const PUT = `${COUNTED}
  , put AS (
    INSERT INTO strategies AS kept (id, document, is_active, revision, first_revision)
    SELECT $1, $2::jsonb, coalesce($3, false), revision, revision FROM counted
    ON CONFLICT (id) DO UPDATE
       SET document = excluded.document, is_active = coalesce($3, kept.is_active),
           revision = excluded.revision, updated_at = excluded.updated_at
    RETURNING *)
  SELECT ${STRATEGY_COLUMNS} FROM put`;

const SET_ACTIVE = `${COUNTED}
  , changed AS (
    UPDATE strategies
       SET is_active = $2, revision = counted.revision, updated_at = clock_timestamp()
      FROM counted WHERE id = $1
    RETURNING strategies.*)
  SELECT ${STRATEGY_COLUMNS} FROM changed`;

const REMOVE = `${COUNTED}
  DELETE FROM strategies USING counted WHERE id = $1`;

export interface StrategyBookOptions {
  /** Told of an active strategy that {@link StrategyBook.listActive} leaves out: once for each of its revisions. */
  readonly onUnreadable?: (id: string, error: StrategyRefused) => void;
}

/**
 * Strategies in Postgres: as they were given, and which of them are active. Every method is one statement. While processes of several
 * versions run, a document may stand there that this one does not take: reading that one throws `StrategyRefused`, lists go on without it.
 */
export class StrategyBook {
  /** Of what was left out last: id -> revision. */
  private unreadable: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly pool: Pool,
    private readonly options: StrategyBookOptions = {},
  ) {}

  /** Keeps a strategy with its document, in place of the one of that name. A new one is inactive unless it is said. */
  async put(
    strategy: Strategy,
    document: unknown,
    { isActive }: { readonly isActive?: boolean } = {},
  ): Promise<{ readonly stored: StoredStrategy; readonly isNew: boolean }> {
    const values = [strategy.id, JSON.stringify(document), isActive ?? null];
    const [row] = await this.rows('keep a strategy', PUT, values);
    if (row === undefined) throw new TypeError('an insert that returns its row returned none');
    return { stored: storedOf(row), isNew: row.is_new };
  }

  async find(id: string): Promise<StoredStrategy | undefined> {
    if (!isStrategyId(id)) return undefined;
    const text = `SELECT ${STRATEGY_COLUMNS} FROM strategies WHERE id = $1`;
    return (await this.rows('read a strategy', text, [id])).map(storedOf)[0];
  }

  /** All of them, by name; one that this version does not take with the reason in its place. */
  async list(): Promise<readonly ListedStrategy[]> {
    const text = `SELECT ${STRATEGY_COLUMNS} FROM strategies ORDER BY id`;
    return (await this.rows('read the strategies', text)).map(listedOf);
  }

  /** The active ones, by name, without those that this version does not take. */
  async listActive(): Promise<readonly StoredStrategy[]> {
    const text = `SELECT ${STRATEGY_COLUMNS} FROM strategies WHERE is_active ORDER BY id`;
    const rows = await this.rows('read the strategies', text);
    const told = this.unreadable;
    const unreadable = new Map<string, number>();
    const read = rows.flatMap((row) => {
      const stored = storedOrRefused(row);
      if (!(stored instanceof StrategyRefused)) return [stored];
      unreadable.set(row.id, row.revision);
      if (told.get(row.id) !== row.revision) this.options.onUnreadable?.(row.id, stored);
      return [];
    });
    this.unreadable = unreadable;
    return read;
  }

  /** False when there was none. */
  async remove(id: string): Promise<boolean> {
    if (!isStrategyId(id)) return false;
    const { rowCount } = await onBook('remove a strategy', () => this.pool.query(REMOVE, [id]));
    return rowCount === 1;
  }

  /** Undefined when there is none. One that this version does not take is switched as well. */
  async setActive(id: string, isActive: boolean): Promise<ListedStrategy | undefined> {
    if (!isStrategyId(id)) return undefined;
    const [row] = await this.rows('activate or deactivate a strategy', SET_ACTIVE, [id, isActive]);
    return row === undefined ? undefined : listedOf(row);
  }

  /** Rises with every change of any strategy; what is read after it holds that change. */
  async revision(): Promise<number> {
    const text = 'SELECT revision FROM strategy_changes';
    const { rows } = await onBook('read whether strategies changed', () =>
      this.pool.query<{ revision: number }>(text),
    );
    return rows[0]?.revision ?? 0;
  }

  private async rows(
    task: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly StrategyRow[]> {
    const { rows } = await onBook(task, () => this.pool.query<StrategyRow>(text, [...values]));
    return rows;
  }
}
