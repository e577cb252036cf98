import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { writesReference } from '../support/documentation/writes-reference';

const ROOT = path.resolve(__dirname, '..', '..');
const PAGE = path.join(ROOT, 'docs', 'OPERATIONS.md');
const DEPLOY = path.join(ROOT, 'deploy');
const HEAD = '| alert | means | do |\n| --- | --- | --- |';

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          annotations: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

describe('the alerts of docs/OPERATIONS.md', () => {
  if (writesReference()) writeFileSync(PAGE, pageWith(rows()));

  it('are those of the rule files, and no other (npm run reference writes them)', () => {
    expect(toldRows().map(([name]) => name)).toEqual(rows().map(([name]) => name));
  });

  it('say what each means and what to do', () => {
    expect(toldRows().filter((row) => row.includes(''))).toEqual([]);
  });
});

type Row = readonly [name: string, means: string, action: string];

/** The rules that Prometheus loads; words that stand in the page already stay, new ones are the rule's own. */
function rows(): Row[] {
  const told = new Map(toldRows().map((row) => [row[0], row]));
  return ruleFiles().flatMap((file) => {
    const parsed = rulesSchema.safeParse(parse(readFileSync(file, 'utf8')));
    const rules = parsed.success ? parsed.data.groups.flatMap((group) => group.rules) : [];
    return rules.flatMap(({ alert, annotations: { summary = '', description = '' } }): Row[] => {
      if (alert === undefined) return [];
      const name = `\`${alert}\``;
      return [told.get(name) ?? [name, onOneLine(summary), onOneLine(description)]];
    });
  });
}

function ruleFiles(): string[] {
  if (!existsSync(DEPLOY)) return [];
  return readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.join(DEPLOY, file))
    .sort();
}

function toldRows(): Row[] {
  return section()
    .table.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, name = '', means = '', action = ''] = line.split('|').map((cell) => cell.trim());
      return [name, means, action];
    });
}

function pageWith(shown: readonly Row[]): string {
  const { before, table, after } = section();
  const [introduction = ''] = table.split('\n|');
  const lines = shown.map((row) => `| ${row.join(' | ')} |`);
  const written = lines.length === 0 ? '' : `\n\n${[HEAD, ...lines].join('\n')}`;
  return `${before}${introduction.trimEnd()}${written}\n${after}`;
}

/** The page up to the heading, what stands below it, and what follows. */
function section(): { readonly before: string; readonly table: string; readonly after: string } {
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf('\n## Alerts\n') + '\n## Alerts\n'.length;
  const until = page.indexOf('\n## ', from);
  return { before: page.slice(0, from), table: page.slice(from, until), after: page.slice(until) };
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
