import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { CandlekeepError } from '@candlekeep/market';
import { parseStrategy } from '../reading/parse-strategy';
import type { Strategy } from '../strategy';
import { type StrategyProblem, StrategyRefused } from '../strategy-refused';

/** With white space; the document itself may have 64 KB. */
const MAX_FILE_BYTES = 256 * 1_024;
const MAX_FILES = 1_000;

/** A strategy of a folder. */
export interface StrategyFile {
  /** Its name in the folder. */
  readonly file: string;
  readonly document: unknown;
  readonly strategy: Strategy;
}

/** The folder of strategies cannot be read as a folder. */
export class StrategyFolderUnreadable extends CandlekeepError {
  readonly code = 'STRATEGY_FOLDER_UNREADABLE';
  readonly retryable = false;
}

/**
 * Every `*.json` of a folder, in the order of their names; a document that does not name itself has its file's name. Throws
 * {@link StrategyRefused} with all that is wrong in all files, each named (`trend.json: entry.type`), and
 * {@link StrategyFolderUnreadable}.
 */
export async function readStrategyFolder(folder: string): Promise<readonly StrategyFile[]> {
  const problems: StrategyProblem[] = [];
  const read: StrategyFile[] = [];
  for (const file of await filesIn(folder)) {
    try {
      read.push(await readOne(folder, file));
    } catch (error) {
      if (!(error instanceof StrategyRefused)) throw error;
      problems.push(...error.problems.map((problem) => inFile(file, problem)));
    }
  }
  problems.push(...sharedNames(read));
  if (problems.length > 0) throw new StrategyRefused(`the folder ${folder}`, problems);
  return read;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const todo = 'Set STRATEGIES_DIR to a folder of *.json files, or leave it out';
    throw new StrategyFolderUnreadable(`${reason}. ${todo}`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  if (files.length <= MAX_FILES) return files;
  throw new StrategyFolderUnreadable(
    `${folder} holds ${files.length} strategies: expected at most ${MAX_FILES}`,
  );
}

async function readOne(folder: string, file: string): Promise<StrategyFile> {
  const document = documentOf(await textOf(path.join(folder, file)));
  const names = typeof document === 'object' && document !== null && 'strategyId' in document;
  const strategy = parseStrategy(document, names ? undefined : file.slice(0, -'.json'.length));
  return { file, document, strategy };
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_FILE_BYTES) return await readFile(file, 'utf8');
    throw refused(`expected at most ${MAX_FILE_BYTES} bytes; it has ${size}`);
  } catch (error) {
    if (error instanceof StrategyRefused) throw error;
    throw refused(`expected a readable file: ${messageOf(error)}`);
  }
}

/** Some editors begin a file with a mark of their own. */
function documentOf(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return document;
  } catch (error) {
    throw refused(`expected JSON: ${messageOf(error)}`);
  }
}

function refused(expected: string): StrategyRefused {
  return new StrategyRefused('the file', [{ field: 'document', expected }]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inFile(file: string, { field, expected }: StrategyProblem): StrategyProblem {
  return { field: `${file}: ${field}`, expected };
}

/** Two files that mean the same strategy: the second is refused. */
function sharedNames(read: readonly StrategyFile[]): readonly StrategyProblem[] {
  const firsts = new Map<string, string>();
  return read.flatMap(({ file, strategy }) => {
    const first = firsts.get(strategy.id);
    if (first === undefined) firsts.set(strategy.id, file);
    if (first === undefined) return [];
    const expected = `expected another name than "${strategy.id}", which ${first} has`;
    return [inFile(file, { field: 'strategyId', expected })];
  });
}
