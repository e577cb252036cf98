import path from 'node:path';
import { runTool } from '../../processes/run-tool';
import { type DebianOutcome, librariesIn, unpackedFromDebian } from '../debian-packages';
import type { RedisBinary } from './redis-binary';

/** Redis from the distribution's own packages, unpacked into `folder`. */
export async function debianRedis(
  folder: string,
  say: (line: string) => void,
): Promise<DebianOutcome<RedisBinary>> {
  const program = { title: 'Redis', packageName: 'redis-server', folder, findIn: usableBinary };
  return await unpackedFromDebian(program, say);
}

async function usableBinary(root: string): Promise<RedisBinary | undefined> {
  const file = path.join(root, 'usr/bin/redis-server');
  const libraryFolders = await librariesIn(root);
  const env = { LD_LIBRARY_PATH: libraryFolders.join(':') };
  const { ok } = await runTool(file, ['--version'], { env });
  return ok ? { file, libraryFolders } : undefined;
}
