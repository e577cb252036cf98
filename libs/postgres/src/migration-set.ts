/** The table that keeps the names of those that ran, where a set names none. */
export const DEFAULT_TABLE = 'schema_migrations';

/** The migrations of one room. */
export interface MigrationSet {
  /** Folder of `NNNN_name.sql` files, run in the order of their numbers. */
  readonly directory: string;
  /** Where the names of those that ran are kept; default `schema_migrations`, in the connection's first schema. */
  readonly table?: string;
}
