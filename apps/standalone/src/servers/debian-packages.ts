import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type ToolOutcome, runTool } from '../processes/run-tool';

/** A program that one of the distribution's packages brings, and where it is kept. */
export interface DebianProgram<Found> {
  /** As people call it. */
  readonly title: string;
  readonly packageName: string;
  /** Whether it runs without the packages that its own depends on. Default: those that this machine lacks are fetched, too. */
  readonly needsNoOther?: boolean;
  /** Where it is unpacked, once for all later runs. */
  readonly folder: string;
  /** What is found in an unpacked tree, if it runs. */
  readonly findIn: (root: string) => Promise<Found | undefined>;
}

export type DebianOutcome<Found> =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'missing'; readonly reason: string };

type Wanted = Pick<DebianProgram<unknown>, 'packageName' | 'needsNoOther'>;

const fetchLimitMs = 300_000;

/**
 * A program from the distribution's own packages, downloaded by apt and unpacked into a folder: needs no root, installs
 * nothing and starts no service. The second call finds what the first one unpacked.
 */
export async function unpackedFromDebian<Found>(
  program: DebianProgram<Found>,
  say: (line: string) => void,
): Promise<DebianOutcome<Found>> {
  const { title, folder, findIn } = program;
  const unpacked = path.join(folder, 'unpacked');
  const kept = await findIn(unpacked);
  if (kept !== undefined) return { kind: 'found', found: kept };
  if (!(await hasApt())) return { kind: 'missing', reason: 'no apt-get and dpkg here' };
  say(`Fetching ${title} (Debian packages, once) ...`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(path.join(folder, 'fetching-'));
  try {
    const fetched = await fetchPackages(work, program);
    if (!fetched.ok) return { kind: 'missing', reason: lastLine(fetched.output) };
    await unpackAll(work);
    // A rename, so that nobody ever sees half of it. When two starts race, the loser uses what the winner has put there.
    if ((await findIn(unpacked)) === undefined) {
      await rm(unpacked, { recursive: true, force: true });
      await rename(path.join(work, 'root'), unpacked).catch(() => undefined);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const found = await findIn(unpacked);
  if (found === undefined)
    return { kind: 'missing', reason: `what lies in ${unpacked} does not run` };
  return { kind: 'found', found };
}

/** Whether packages can be had here. */
export async function hasApt(): Promise<boolean> {
  const tried = await Promise.all([
    runTool('apt-get', ['--version']),
    runTool('dpkg', ['--version']),
  ]);
  return tried.every(({ ok }) => ok);
}

// First with the package lists that the machine has; when it has none, or they name versions that are gone, with fresh
// lists in a folder of our own.
async function fetchPackages(work: string, program: Wanted): Promise<ToolOutcome> {
  const archives = path.join(work, 'archives');
  const lists = path.join(work, 'lists');
  await Promise.all([archives, lists].map((dir) => mkdir(`${dir}/partial`, { recursive: true })));
  const own = aptOptions(work);
  const withOwnLists = [...own, '-o', `Dir::State::lists=${lists}`];
  const first = await download(own, program, archives);
  if (first.ok) return first;
  const updated = await runTool('apt-get', [...withOwnLists, '-qq', 'update'], {
    timeoutMs: fetchLimitMs,
  });
  return updated.ok ? download(withOwnLists, program, archives) : updated;
}

// `install --download-only` brings exactly the dependencies that this machine lacks, whatever the release calls them.
// `download` brings one package, into the folder that it is run in.
async function download(
  options: readonly string[],
  { packageName, needsNoOther = false }: Wanted,
  archives: string,
): Promise<ToolOutcome> {
  const action = needsNoOther
    ? ['-qq', 'download']
    : ['-y', '-qq', '--no-install-recommends', '--download-only', 'install'];
  const where = { cwd: archives, timeoutMs: fetchLimitMs };
  return runTool('apt-get', [...options, ...action, packageName], where);
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

/** Folders of libraries in an unpacked tree: Debian keeps them under usr/lib/<machine>-linux-gnu. */
export async function librariesIn(root: string): Promise<readonly string[]> {
  const lib = path.join(root, 'usr/lib');
  const names = await readdir(lib).catch(() => []);
  return names.filter((name) => name.includes('-linux-')).map((name) => path.join(lib, name));
}

/** What a tool said last, which is why it failed. */
export function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? output;
}
