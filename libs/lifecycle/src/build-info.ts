import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Which build a process runs. */
export interface BuildInfo {
  readonly version: string;
  /** As `BUILD_COMMIT` says when the image is built; null when it does not. */
  readonly commit: string | null;
}

const manifest = z.object({ version: z.string() });

/** The version of the package that this file belongs to, in the sources as in what was built of them. */
export function readBuild(commit?: string): BuildInfo {
  return { version: versionAbove(__dirname), commit: commit ?? null };
}

function versionAbove(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  const above = path.dirname(folder);
  return above === folder ? 'unknown' : versionAbove(above);
}
