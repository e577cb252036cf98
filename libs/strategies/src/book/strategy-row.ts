import { parseStrategy } from '../reading/parse-strategy';
import type { Strategy } from '../strategy';
import { StrategyRefused } from '../strategy-refused';

interface Kept {
  /** As it was given; members in another order perhaps. */
  readonly document: unknown;
  readonly isActive: boolean;
  /** Of the change that made it what it is; later changes of any strategy have larger ones. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A strategy as it is kept. */
export interface StoredStrategy extends Kept {
  readonly strategy: Strategy;
}

/** A kept strategy whose document this version does not take: a newer one did, or an older one. */
export interface UnreadableStrategy extends Kept {
  readonly id: string;
  /** All that is wrong with it by this version's rules, for people. */
  readonly unreadable: string;
}

/** A strategy in a list of all. */
export type ListedStrategy = StoredStrategy | UnreadableStrategy;

/** Every column of a strategy, instants as epoch ms. */
export const STRATEGY_COLUMNS = `
  id, document, is_active, revision, first_revision = revision AS is_new,
  (extract(epoch FROM created_at) * 1000)::bigint AS created_ms,
  (extract(epoch FROM updated_at) * 1000)::bigint AS updated_ms`;

export interface StrategyRow {
  readonly id: string;
  readonly document: unknown;
  readonly is_active: boolean;
  readonly revision: number;
  readonly is_new: boolean;
  readonly created_ms: number;
  readonly updated_ms: number;
}

/** Reads a row of {@link STRATEGY_COLUMNS}. Throws `StrategyRefused` for a document that this version does not take. */
export function storedOf(row: StrategyRow): StoredStrategy {
  return { strategy: parseStrategy(row.document, row.id), ...keptOf(row) };
}

/** The same, with what this version does not take in place of an error. */
export function storedOrRefused(row: StrategyRow): StoredStrategy | StrategyRefused {
  try {
    return storedOf(row);
  } catch (error) {
    if (error instanceof StrategyRefused) return error;
    throw error;
  }
}

/** Reads a row for a list of all. */
export function listedOf(row: StrategyRow): ListedStrategy {
  const read = storedOrRefused(row);
  if (!(read instanceof StrategyRefused)) return read;
  return { id: row.id, unreadable: read.message, ...keptOf(row) };
}

function keptOf({ document, is_active: isActive, revision, ...row }: StrategyRow): Kept {
  const instants = { createdAtMs: row.created_ms, updatedAtMs: row.updated_ms };
  return { document, isActive, revision, ...instants };
}
