import type { Finding } from './finding';
import { placeOf } from './place';
import type { House } from './rooms';
import type { SourceFacts } from './source-facts';

/** Longest file that the house allows, in lines, tests included. */
export const MAX_LINES = 300;

const VAGUE = /^(?:utils?|helpers?|common|misc)$/;

/** Judges a single file: its length, its names, and, for a door, that it names what it hands out. */
export function judgeFile(file: string, text: string, facts: SourceFacts | undefined): Finding[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const findings: Finding[] = [];
  if (lines > MAX_LINES) {
    const message = `${lines} lines, ${MAX_LINES} are the limit: split it by what its parts are about`;
    findings.push({ file, line: MAX_LINES + 1, rule: 'size', message });
  }
  const vague = file.split('/').find((part) => VAGUE.test(part.replace(/\..*$/, '')));
  if (vague !== undefined) {
    const message = `"${vague}" says nothing: keep a helper with the noun that it serves`;
    findings.push({ file, line: 1, rule: 'name', message });
  }
  return [...findings, ...starExports(file, facts)];
}

function starExports(file: string, facts: SourceFacts | undefined): Finding[] {
  if (!file.endsWith('/index.ts') || facts === undefined) return [];
  return facts.imports
    .filter(({ isStarExport }) => isStarExport)
    .map(({ line, specifier }) => ({
      file,
      line,
      rule: 'door',
      message: `"export *" from "${specifier}" opens the whole room: name each export by hand`,
    }));
}

/** Compares what is on disk with the table: each room has a door and a header, and nothing is there that has no entry. */
export function judgeHouse(files: ReadonlySet<string>, { rooms, apps }: House): Finding[] {
  const missing = Object.keys(rooms).flatMap((room) =>
    [`libs/${room}/src/index.ts`, `libs/${room}/README.md`]
      .filter((file) => !files.has(file))
      .map((file) => shape(file, `room "${room}" has no ${file}: write it`)),
  );
  const strangers = [...files].filter((file) => {
    const { kind, owner } = placeOf(file);
    return (kind === 'lib' && !(owner in rooms)) || (kind === 'app' && !(owner in apps));
  });
  const unknown = strangers.map((file) =>
    shape(file, `"${placeOf(file).owner}" is not in the table of rooms: give it a floor there`),
  );
  return [...missing, ...unknown];
}

function shape(file: string, message: string): Finding {
  return { file, line: 1, rule: 'shape', message };
}
