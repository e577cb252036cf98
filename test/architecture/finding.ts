/** The house rules, by the names that findings carry. */
export type Rule =
  'floors' | 'cycle' | 'door' | 'nest' | 'env' | 'clock' | 'shape' | 'name' | 'size';

/** One broken rule: where, which, and what to do about it. */
export interface Finding {
  /** Path from the project folder, with forward slashes. */
  readonly file: string;
  /** Line, from 1; 1 when the whole file is meant. */
  readonly line: number;
  readonly rule: Rule;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** One line for a person: `libs/a/src/b.ts:3 [door] …`. */
export function findingText({ file, line, rule, message }: Finding): string {
  return `${file}:${line} [${rule}] ${message}`;
}
