import { lstat, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StartFailure, isSystemError, reasonOf } from '../../start-failure';

const manifestSchema = z.array(z.object({ source: z.string(), target: z.string() }));
type Manifest = z.infer<typeof manifestSchema>;

/** One link: `link` (relative to the package) points to `to`, a name in the same folder. */
export interface LibraryLink {
  readonly link: string;
  readonly to: string;
}

/**
 * Makes the library links (`libpq.so.5` and the like) that the package lists in pg-symlinks.json. A package archive cannot
 * hold links, and npm does not run the package's own script that would make them.
 */
export async function makeLibraryLinks(packageFolder: string): Promise<void> {
  for (const { link, to } of planLibraryLinks(await readManifest(packageFolder))) {
    await makeLink(path.join(packageFolder, link), to);
  }
}

/** The links to make; throws for one that would leave the package's `native` folder. */
export function planLibraryLinks(manifest: Manifest): readonly LibraryLink[] {
  return manifest.map(({ source, target }) => {
    const names = [source, target].map((name) => path.posix.normalize(name));
    if (names.some((name) => !name.startsWith('native/'))) {
      throw new StartFailure(
        `pg-symlinks.json asks for a link outside "native" (${target}). Install the packages again: npm ci`,
      );
    }
    return { link: target, to: path.posix.relative(path.posix.dirname(target), source) };
  });
}

// Some platforms' packages need no links and have no such file.
async function readManifest(packageFolder: string): Promise<Manifest> {
  try {
    const text = await readFile(path.join(packageFolder, 'native/pg-symlinks.json'), 'utf8');
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw new StartFailure(
      `The list of library links in ${packageFolder} cannot be read (${reasonOf(error)}). Install the packages again: npm ci`,
    );
  }
}

async function makeLink(link: string, to: string): Promise<void> {
  const there = await lstat(link).catch(() => undefined);
  if (there !== undefined) return;
  try {
    await symlink(to, link);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return;
    throw new StartFailure(
      `The library link ${link} could not be made (${reasonOf(error)}). Make the folder writable, or set DATABASE_URL.`,
    );
  }
}
