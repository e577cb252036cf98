import { z } from 'zod';

/** The variables that one process reads. */
export interface AppSettings {
  readonly app: string;
  readonly schema: z.ZodObject;
}

/** A line of the documented table, cell by cell. */
export interface SettingRow {
  readonly name: string;
  readonly readBy: string;
  readonly fallback: string;
  readonly effect: string;
}

/** What a page says of its tables: which one stands where, and its words for a variable without a default. */
export interface TableWords {
  readonly head: readonly [name: string, readBy: string, fallback: string, effect: string];
  readonly required: string;
}

/** The rows that schemas come to, in the order of their variables; what a variable does is taken from `effects`. */
export function rowsOf(
  apps: readonly AppSettings[],
  words: TableWords,
  effects: ReadonlyMap<string, string>,
): SettingRow[] {
  const read = apps.flatMap(({ app, schema }) =>
    fallbacksOf(schema, words).map(([name, fallback]) => ({ app, name, fallback })),
  );
  return [...new Set(read.map(({ name }) => name))].map((name) => {
    const readers = read.filter((setting) => setting.name === name);
    return {
      name: `\`${name}\``,
      readBy: readers.map(({ app }) => app).join(', '),
      fallback: jointFallback(readers),
      effect: effects.get(`\`${name}\``) ?? '',
    };
  });
}

/** The rows of the table between `<!-- settings… -->` and `<!-- /settings -->`. Throws when the page has no such place. */
export function readTable(page: string, title: string): SettingRow[] {
  const lines = page.slice(...placeOf(page, title)).split('\n');
  return lines
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      const [, name = '', readBy = '', fallback = '', effect = ''] = cells;
      return { name, readBy, fallback, effect };
    });
}

/** The page with these rows as its table. */
export function writeTable(
  page: string,
  title: string,
  { words, rows }: { readonly words: TableWords; readonly rows: readonly SettingRow[] },
): string {
  const [from, until] = placeOf(page, title);
  const cells = rows.map(({ name, readBy, fallback, effect }) => [name, readBy, fallback, effect]);
  const lines = [words.head, words.head.map(() => '---'), ...cells];
  const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
  return `${page.slice(0, from)}\n\n${table}\n\n${page.slice(until)}`;
}

function placeOf(page: string, title: string): [number, number] {
  const opening = `<!-- ${title} -->`;
  const start = page.indexOf(opening);
  const end = page.indexOf('<!-- /settings -->', start);
  if (start < 0 || end < 0) throw new Error(`the page has no place for a table: ${opening}`);
  return [start + opening.length, end];
}

/** What each variable comes to when it is not given. */
function fallbacksOf(schema: z.ZodObject, { required }: TableWords): [string, string][] {
  return Object.entries(schema.shape).map(([name, rule]) => {
    const parsed = z.safeParse(rule, undefined);
    if (!parsed.success) return [name, required];
    const fallback = [parsed.data ?? ''].flat().join(',');
    return [name, fallback === '' ? '–' : `\`${fallback}\``];
  });
}

/** One word where all agree, else each with its readers. */
function jointFallback(
  readers: readonly { readonly app: string; readonly fallback: string }[],
): string {
  const different = [...new Set(readers.map(({ fallback }) => fallback))];
  if (different.length === 1) return different.join('');
  return different
    .map((fallback) => {
      const apps = readers.filter((reader) => reader.fallback === fallback).map(({ app }) => app);
      return `${fallback} (${apps.join(', ')})`;
    })
    .join('; ');
}
