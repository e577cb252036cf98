import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ToolOutcome, runTool } from '../../processes/run-tool';
import type { RedisBinary } from './redis-binary';

export type DebianOutcome =
  | { readonly kind: 'found'; readonly binary: RedisBinary }
  | { readonly kind: 'missing'; readonly reason: string };

const fetchLimitMs = 120_000;

/**
 * Redis from the distribution's own packages, downloaded by apt and unpacked into `folder`: needs no root, installs
 * nothing and starts no service. The second call finds what the first one unpacked.
 */
export async function debianRedis(
  folder: string,
  say: (line: string) => void,
): Promise<DebianOutcome> {
  const unpacked = path.join(folder, 'unpacked');
  const kept = await usableBinary(unpacked);
  if (kept !== undefined) return { kind: 'found', binary: kept };
  if (!(await hasApt())) return { kind: 'missing', reason: 'no apt-get and dpkg here' };
  say('Fetching Redis (Debian packages, once) ...');
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(path.join(folder, 'fetching-'));
  try {
    const fetched = await fetchPackages(work);
    if (!fetched.ok) return { kind: 'missing', reason: lastLine(fetched.output) };
    await unpackAll(work);
    await publish(path.join(work, 'root'), unpacked);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const binary = await usableBinary(unpacked);
  if (binary === undefined)
    return { kind: 'missing', reason: `what lies in ${unpacked} does not run` };
  return { kind: 'found', binary };
}

async function hasApt(): Promise<boolean> {
  const tried = await Promise.all([
    runTool('apt-get', ['--version']),
    runTool('dpkg', ['--version']),
  ]);
  return tried.every(({ ok }) => ok);
}

// First with the package lists that the machine has; when it has none, or they name versions that are gone, with fresh
// lists in a folder of our own.
async function fetchPackages(work: string): Promise<ToolOutcome> {
  const archives = path.join(work, 'archives');
  const lists = path.join(work, 'lists');
  await Promise.all([archives, lists].map((dir) => mkdir(`${dir}/partial`, { recursive: true })));
  const own = aptOptions(work);
  const withOwnLists = [...own, '-o', `Dir::State::lists=${lists}`];
  const first = await download(own);
  if (first.ok) return first;
  const updated = await runTool('apt-get', [...withOwnLists, '-qq', 'update'], {
    timeoutMs: fetchLimitMs,
  });
  return updated.ok ? download(withOwnLists) : updated;
}

// `install --download-only` brings exactly the dependencies that this machine lacks, whatever the release calls them.
async function download(options: readonly string[]): Promise<ToolOutcome> {
  const action = ['-y', '-qq', '--no-install-recommends', '--download-only', 'install'];
  return runTool('apt-get', [...options, ...action, 'redis-server'], { timeoutMs: fetchLimitMs });
}

function aptOptions(work: string): readonly string[] {
  return [
    `Dir::Cache=${work}`,
    `Dir::Cache::archives=${path.join(work, 'archives')}`,
    // We only download into our own folder: there is nothing of the system's to lock, and no right to lock it.
    'Debug::NoLocking=1',
    // As root, apt would change to its own user, who may not be able to reach this folder.
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
  ].flatMap((option) => ['-o', option]);
}

async function unpackAll(work: string): Promise<void> {
  const archives = path.join(work, 'archives');
  for (const name of await readdir(archives)) {
    if (!name.endsWith('.deb')) continue;
    await runTool('dpkg', ['-x', path.join(archives, name), path.join(work, 'root')]);
  }
}

// A rename, so that nobody ever sees half of it. When two starts race, the loser uses what the winner has put there.
async function publish(from: string, to: string): Promise<void> {
  if ((await usableBinary(to)) !== undefined) return;
  await rm(to, { recursive: true, force: true });
  await rename(from, to).catch(() => undefined);
}

async function usableBinary(root: string): Promise<RedisBinary | undefined> {
  const file = path.join(root, 'usr/bin/redis-server');
  const libraryFolders = await librariesIn(root);
  const env = { LD_LIBRARY_PATH: libraryFolders.join(':') };
  const { ok } = await runTool(file, ['--version'], { env });
  return ok ? { file, libraryFolders } : undefined;
}

// Debian keeps libraries under usr/lib/<machine>-linux-gnu.
async function librariesIn(root: string): Promise<readonly string[]> {
  const lib = path.join(root, 'usr/lib');
  const names = await readdir(lib).catch(() => []);
  return names.filter((name) => name.includes('-linux-')).map((name) => path.join(lib, name));
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? output;
}
