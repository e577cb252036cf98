import { isDeepStrictEqual } from 'node:util';
import type { RunBook } from '@candlekeep/preloader';
import {
  readStrategyFolder,
  type StoredStrategy,
  type StrategyBook,
  type StrategyFile,
  StrategyRefused,
} from '@candlekeep/strategies';
import type { Logger } from '@candlekeep/telemetry';

export interface StrategyFolderParts {
  /** Folder of JSON strategies; undefined: there is none. */
  readonly folder: string | undefined;
  readonly strategies: Pick<StrategyBook, 'find' | 'put'>;
  readonly runs: Pick<RunBook, 'open' | 'cancelOf' | 'hasRunSince'>;
  readonly log: Logger;
}

/**
 * Puts the strategies of a folder into the book and activates those that are new or changed. One that stands there already as it is stays
 * as it is, so whoever deactivated it is not overruled by the next start. May be killed anywhere and done by several workers at once: what
 * is active has a run of its present document in the end. Throws for a folder or file that cannot be read.
 */
export async function loadStrategies(parts: StrategyFolderParts): Promise<void> {
  const { folder, log } = parts;
  if (folder === undefined) return;
  const found = await readStrategyFolder(folder);
  for (const file of found) {
    if (await needsRun(file, parts)) await bringAnew(file.strategy.id, parts.runs);
  }
  log.info('strategies of the folder are in the book', { folder, strategies: found.length });
}

/** Puts what is new or changed. Else an active one lacks a run when whoever put it was killed before opening one. */
async function needsRun(
  { strategy, document }: StrategyFile,
  { strategies, runs }: StrategyFolderParts,
): Promise<boolean> {
  const known = await findReadable(strategies, strategy.id);
  if (known !== undefined && isDeepStrictEqual(known.document, document)) {
    return known.isActive && !(await runs.hasRunSince(strategy.id, known.updatedAtMs));
  }
  await strategies.put(strategy, document, { isActive: true });
  return true;
}

/** A kept document that this version does not take is another one than the folder's. */
async function findReadable(
  strategies: Pick<StrategyBook, 'find'>,
  id: string,
): Promise<StoredStrategy | undefined> {
  try {
    return await strategies.find(id);
  } catch (error) {
    if (error instanceof StrategyRefused) return undefined;
    throw error;
  }
}

/** A run that is under way began with what the document was before. */
async function bringAnew(id: string, runs: StrategyFolderParts['runs']): Promise<void> {
  await runs.cancelOf(id, 'the strategy has changed');
  await runs.open(id);
}
