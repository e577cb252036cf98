import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceTree } from './check-house';

const TOPS = ['apps', 'libs', 'test', 'bench'];
const TEXT = /\.(?:ts|mts|cts|js|mjs|cjs|lua|sql|md|html|css)$/;

/** Reads all source text of the project into memory. */
export function readSourceTree(root: string): SourceTree {
  const files = TOPS.flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && TEXT.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return new Map(
    files
      .filter((file) => !/[\\/](?:node_modules|dist)[\\/]/.test(file))
      .map((file) => [
        path.relative(root, file).split(path.sep).join('/'),
        readFileSync(file, 'utf8'),
      ]),
  );
}
