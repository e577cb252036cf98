import type { Finding } from './finding';
import { resolveRelative } from './place';
import type { SourceFacts } from './source-facts';

interface Edge {
  readonly to: string;
  readonly line: number;
}

/**
 * Finds imports that close a ring of files, in one room or through doors; one finding for each closing import. What a
 * ring breaks is the order of loading, so types that name each other are none.
 */
export function findCycles(facts: ReadonlyMap<string, SourceFacts>): Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const here = [...trail, file];
    for (const { to, line } of edgesOf(file, facts)) {
      if (here.includes(to)) {
        const ring = [...here.slice(here.indexOf(to)), to].join(' -> ');
        const message = `${ring}: move what both need into a file of its own`;
        findings.push({ file, line, rule: 'cycle', message });
      } else if (!done.has(to)) {
        visit(to, here);
      }
    }
    done.add(file);
  };
  for (const file of facts.keys()) if (!done.has(file)) visit(file, []);
  return findings;
}

function edgesOf(file: string, facts: ReadonlyMap<string, SourceFacts>): Edge[] {
  const loaded = facts.get(file)?.imports.filter(({ isErased }) => !isErased) ?? [];
  return loaded.flatMap(({ specifier, line }) => {
    const to = candidates(file, specifier).find((candidate) => facts.has(candidate));
    return to === undefined ? [] : [{ to, line }];
  });
}

/** The files that a specifier of ours may mean; none for a package. */
function candidates(file: string, specifier: string): string[] {
  const room = /^@candlekeep\/([^/]+)$/.exec(specifier)?.[1];
  if (room !== undefined) return [`libs/${room}/src/index.ts`];
  if (!specifier.startsWith('.')) return [];
  const path = resolveRelative(file, specifier);
  return [path, `${path}.ts`, `${path}/index.ts`];
}
