import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A hash of the file's bytes. */
export function contentFingerprint(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * A hash of names, sizes and modification times of everything under the given files and folders: some milliseconds for
 * some hundred files. Tests are left out, since they do not change what a build gives.
 */
export function treeFingerprint(root, entries) {
  const hash = createHash('sha256');
  for (const file of entries.flatMap((entry) => filesUnder(root, entry))) {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(root, entry) {
  const stat = statSync(path.join(root, entry), { throwIfNoEntry: false });
  if (stat === undefined || entry.endsWith('.spec.ts')) return [];
  if (!stat.isDirectory()) return [entry];
  const names = readdirSync(path.join(root, entry)).sort();
  return names.flatMap((name) => filesUnder(root, path.join(entry, name)));
}
