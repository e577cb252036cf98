import type { z } from 'zod';
import type { Strategy } from '../strategy';
import { type StrategyProblem, StrategyRefused } from '../strategy-refused';
import { boundProblem } from './document-bounds';
import { shown } from './expectation';
import { isStrategyId } from './field-schemas';
import { flatStrategy, ruleStrategy } from './read-document';
import { flatFormSchema, rulesFormSchema } from './strategy-schema';

const readers = {
  rules: rulesFormSchema.transform(ruleStrategy),
  flat: flatFormSchema.transform(flatStrategy),
} as const;

/**
 * Reads a strategy in either form; what has `entry` or `management` is taken for the form with rules. `id` is the name by
 * which it was given (in a URL): the document need not repeat it, and may not contradict it. Throws {@link StrategyRefused}
 * with everything that is wrong.
 */
export function parseStrategy(given: unknown, id?: string): Strategy {
  const what = id === undefined ? 'the strategy' : `strategy ${shown(id)}`;
  const bound = boundProblem(given);
  if (bound !== undefined) throw new StrategyRefused(what, [bound]);
  const wrongId = idProblems(given, id);
  const read = isFlat(given) ? readers.flat.safeParse(given) : readers.rules.safeParse(given);
  if (read.success && wrongId.length === 0) {
    return { ...read.data, id: read.data.id ?? id ?? '' };
  }
  throw new StrategyRefused(what, [...wrongId, ...(read.error?.issues ?? []).flatMap(problemsOf)]);
}

/** The two names of a strategy: at least one, and no contradiction. A wrong `strategyId` its schema refuses. */
function idProblems(given: unknown, id: string | undefined): readonly StrategyProblem[] {
  const { strategyId } = objectOf(given);
  if (id === undefined) {
    if (strategyId !== undefined) return [];
    return [{ field: 'strategyId', expected: 'expected a name for the strategy; nothing is none' }];
  }
  if (!isStrategyId(id)) {
    const right = 'expected 1 to 64 of the characters A-Z a-z 0-9 _ . : -';
    return [{ field: 'id', expected: `${right}; ${shown(id)} is none` }];
  }
  if (strategyId === undefined || strategyId === id) return [];
  return [
    {
      field: 'strategyId',
      expected: `expected ${shown(id)}, the name it was given by, or nothing`,
    },
  ];
}

function isFlat(given: unknown): boolean {
  const members = Object.keys(objectOf(given));
  if (members.includes('entry') || members.includes('management')) return false;
  return members.some((name) => name.endsWith('_period') || name === 'symbol');
}

function objectOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? { ...given } : {};
}

/** One for each unknown member, one for anything else. */
function problemsOf(issue: z.core.$ZodIssue): readonly StrategyProblem[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(path), expected: message }];
  return issue.keys.map((key) => ({ field: fieldOf([...path, shownKey(key)]), expected: message }));
}

/** `management[1].conditions[0].params.period`. */
function fieldOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'document';
  return path
    .map((part, i) =>
      typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function shownKey(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}
