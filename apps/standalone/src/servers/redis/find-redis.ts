import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { StartFailure } from '../../start-failure';
import { debianRedis } from './debian-redis';
import type { RedisBinary } from './redis-binary';

export interface RedisSearch {
  readonly searchPath: string;
  /** Where an unpacked server is kept for all later starts of this project. */
  readonly cacheFolder: string;
  readonly say: (line: string) => void;
}

const names = ['redis-server', 'valkey-server'];
const usualFolders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin'];

/** The installed server, else one unpacked from Debian packages into the cache folder; else StartFailure. */
export async function findRedis(search: RedisSearch): Promise<RedisBinary> {
  const installed = await findInstalled(search.searchPath);
  if (installed !== undefined) return { file: installed, libraryFolders: [] };
  const outcome = await debianRedis(path.join(search.cacheFolder, 'redis'), search.say);
  if (outcome.kind === 'found') return outcome.found;
  throw new StartFailure(
    `There is no Redis server on this machine, and none could be fetched (${outcome.reason}). Choose one way:\n` +
      '  - install one: "apt-get install redis-server", "dnf install valkey" or "brew install redis"\n' +
      '  - use a running one: REDIS_URL=redis://127.0.0.1:6379 npm start (its policy must be noeviction)\n' +
      '  - run everything in containers: docker compose up',
  );
}

/** Where a server program may lie, in the order of looking. */
export function candidateFiles(searchPath: string): readonly string[] {
  const folders = [...searchPath.split(path.delimiter), ...usualFolders];
  const absolute = [...new Set(folders.filter((folder) => path.isAbsolute(folder)))];
  return names.flatMap((name) => absolute.map((folder) => path.join(folder, name)));
}

async function findInstalled(searchPath: string): Promise<string | undefined> {
  for (const file of candidateFiles(searchPath)) {
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return file;
  }
  return undefined;
}
