import type { StrategyProblem } from '../strategy-refused';

/** Of its JSON, without white space. */
const MAX_DOCUMENT_BYTES = 64 * 1_024;
/** A condition's fourth variable within variables lies this deep. */
const MAX_DEPTH = 16;
/** Half of a pair that makes one character. */
const HALF = /\p{Surrogate}/u;

/** What makes a document unfit to be looked at more closely, whatever it says. */
export function boundProblem(document: unknown): StrategyProblem | undefined {
  if (document === undefined) return undefined;
  const problem = (wrong: string): StrategyProblem => ({ field: 'document', expected: wrong });
  let level: readonly unknown[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return problem(`expected nesting of at most ${MAX_DEPTH} levels`);
    if (level.some(isUnkeepable)) return problem('expected texts of whole characters, without NUL');
    level = level.flatMap(partsOf);
  }
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= MAX_DOCUMENT_BYTES) return undefined;
  return problem(`expected at most ${MAX_DOCUMENT_BYTES} bytes; it has ${bytes}`);
}

/** What JSON can say and Postgres cannot keep in a text. */
function isUnkeepable(given: unknown): boolean {
  return typeof given === 'string' && (given.includes('\0') || HALF.test(given));
}

/** Members with their names, or elements. */
function partsOf(given: unknown): readonly unknown[] {
  if (typeof given !== 'object' || given === null) return [];
  return Array.isArray(given) ? given : Object.entries(given).flat();
}
