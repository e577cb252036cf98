import path from 'node:path';
import { runTool } from '../processes/run-tool';
import { type DebianOutcome, unpackedFromDebian } from '../servers/debian-packages';

export interface PromtoolSearch {
  readonly searchPath: string;
  /** Where an unpacked one is kept for all later runs of this project. */
  readonly cacheFolder: string;
  readonly say: (line: string) => void;
}

const usualFolders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Prometheus' own checker of its files: an installed one, else that of Debian's package. */
export async function findPromtool(search: PromtoolSearch): Promise<DebianOutcome<string>> {
  for (const file of promtoolFiles(search.searchPath))
    if (await runs(file)) return { kind: 'found', found: file };
  const folder = path.join(search.cacheFolder, 'prometheus');
  const program = {
    ...{ title: 'promtool', packageName: 'prometheus', needsNoOther: true },
    ...{ folder, findIn: unpackedFile },
  };
  return await unpackedFromDebian(program, search.say);
}

/** Where it may lie, in the order of looking. */
export function promtoolFiles(searchPath: string): readonly string[] {
  const folders = [...searchPath.split(path.delimiter), ...usualFolders];
  const absolute = folders.filter((folder) => path.isAbsolute(folder));
  return [...new Set(absolute)].map((folder) => path.join(folder, 'promtool'));
}

async function unpackedFile(root: string): Promise<string | undefined> {
  const file = path.join(root, 'usr/bin/promtool');
  return (await runs(file)) ? file : undefined;
}

async function runs(file: string): Promise<boolean> {
  return (await runTool(file, ['--version'])).ok;
}
