import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { fencedBlocks } from '../support/documentation/fenced-blocks';
import { anchorsOf, linksOf } from '../support/documentation/markdown-links';
import { shellCommands } from '../support/documentation/shell-commands';
import { HOUSE } from './rooms';
import { readSourceTree } from './source-tree';

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()) });
const ROOT = path.resolve(__dirname, '..', '..');
const source = readSourceTree(ROOT);
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

const ownPages = (folder: string) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name));
const pages = [
  ...['.', 'docs', 'docs/decisions'].flatMap(ownPages),
  ...[...source.keys()].filter((file) => file.endsWith('.md')),
];

describe('documentation', () => {
  it.each(pages)('%s leads only to what exists', (page) => {
    const broken = linksOf(read(page)).filter(({ path: link, anchor }) => {
      const target = link === '' ? page : path.posix.join(path.posix.dirname(page), link);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== '' && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = packageSchema.parse(JSON.parse(read('package.json')));
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:-s |--silent )?(\w[\w:-]*)/g)].map(
        ([, name = '']) => name,
      ),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each([
    ['README.md', 'README.ko.md'],
    ['docs/GUIDE.md', 'docs/GUIDE.ko.md'],
  ])('%s and %s tell people to paste the same', (english, korean) => {
    expect(pastedFrom(korean)).toEqual(pastedFrom(english));
  });

  it.each(['README.md', 'README.ko.md'])('%s claims only what PERFORMANCE has measured', (page) => {
    const measured = new Set(figuresOf(read('docs/PERFORMANCE.md')));
    const [, , saves = ''] = read(page).split('\n## ');
    const claims = saves.split('\n').flatMap((line) => figuresOf(line.split('|').at(-2) ?? ''));
    expect(claims.length).toBeGreaterThan(15);
    expect(claims.filter((claim) => !measured.has(claim))).toEqual([]);
  });

  it('quotes log lines as they are written', () => {
    const [, section = ''] = read('docs/OPERATIONS.md').split('## Log lines at 3 a.m.\n');
    const [table = ''] = section.split('\n## ');
    const quoted = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => line.split('|').slice(1, 3))
      .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
    const code = [...source]
      .filter(([file]) => /^(?:apps|libs)\/.*(?<!\.spec)\.ts$/.test(file))
      .map(([, text]) => text.replace(/['"] \+\s+['"]/g, ''))
      .join('\n');
    const parts = quoted
      .flatMap((text) => text.split(/ ?\(?…\)?:? ?/))
      .filter((part) => part !== '');
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((part) => !code.includes(part))).toEqual([]);
  });

  it('shows every room on its floor, and every process', () => {
    const page = read('docs/ARCHITECTURE.md');
    const [, rooms = ''] = page.split('## Rooms\n');
    const shown = [...rooms.matchAll(/^\| (\d) +\| \[([\w-]+)\]\(\.\.\/libs\/\2\)/gm)].map(
      ([, floor, name]) => `${name} on ${floor}`,
    );
    const built = Object.entries(HOUSE.rooms).map(([name, { floor }]) => `${name} on ${floor}`);
    expect([...shown].sort()).toEqual([...built].sort());
    const missing = Object.keys(HOUSE.apps).filter((app) => !page.includes(`](../apps/${app})`));
    expect(missing).toEqual([]);
  });
});

/** Commands, and code with what explains it left out: comments may be in the reader's language. */
function pastedFrom(page: string): string[] {
  return fencedBlocks(read(page)).flatMap(({ language, text }) =>
    language === 'sh'
      ? shellCommands(text).map((command) => command.text)
      : [text.replace(/ *(?:\/\/|#|\/\*\*) .*$/gm, '')],
  );
}

/** Numbers of a text, without the commas between thousands and without a zero behind the point. */
function figuresOf(text: string): string[] {
  return (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((figure) =>
    String(Number(figure.replaceAll(',', ''))),
  );
}
