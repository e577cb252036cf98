import path from 'node:path';

/** Where a file lives, as far as the rules care. */
export interface Place {
  readonly kind: 'lib' | 'app' | 'test' | 'other';
  /** Name of the room or app; empty for tests and others. */
  readonly owner: string;
  readonly isSpec: boolean;
  /** Runs on its own before or beside the build: `apps/<app>/bin`, recording scripts, benchmarks. */
  readonly isScript: boolean;
}

/** Reads a path from the project folder, with forward slashes. */
export function placeOf(file: string): Place {
  const [top = '', owner = ''] = file.split('/');
  const isSpec = file.endsWith('.spec.ts');
  const isScript = file.endsWith('.mjs') || top === 'bench';
  if (top === 'libs') return { kind: 'lib', owner, isSpec, isScript };
  if (top === 'apps') return { kind: 'app', owner, isSpec, isScript };
  return { kind: top === 'test' ? 'test' : 'other', owner: '', isSpec, isScript };
}

/** The folder that a file's relative imports may not leave: its room, its app, or the tests. */
export function homeOf(file: string): string {
  const place = placeOf(file);
  if (place.kind === 'lib') return `libs/${place.owner}`;
  if (place.kind === 'app') return `apps/${place.owner}`;
  return file.split('/')[0] ?? '';
}

/** The path that a relative specifier means, without its extension: `./b` in `libs/a/src/x.ts` is `libs/a/src/b`. */
export function resolveRelative(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier);
}
