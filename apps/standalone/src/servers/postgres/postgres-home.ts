import { createHash } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { SystemUser, runTool } from '../../processes/run-tool';
import { makeFolder } from '../../make-folder';
import { StartFailure } from '../../start-failure';
import { PostgresBinaries, binariesIn } from './postgres-binaries';
import { chooseServerUser } from './server-user';

/** Where one Postgres lives, and as whom. */
export interface PostgresHome {
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly user: SystemUser | undefined;
}

const publicFolder = '/var/lib/candlekeep';

/**
 * The wanted folder and the installed binaries; or, for those of the two that the server's user cannot reach (root works
 * in a private folder such as /root), a place under /var/lib/candlekeep whose name follows from the wanted folder, so
 * that the same project finds its data again.
 */
export async function choosePostgresHome(
  wanted: string,
  installed: PostgresBinaries,
): Promise<PostgresHome> {
  const reserve = path.join(publicFolder, fingerprint(wanted));
  const folder = (await holdsData(reserve)) ? reserve : wanted;
  const user = await chooseServerUser(dataFolder(folder));
  if (user === undefined) {
    await makeFolder(folder);
    return { folder, binaries: installed, user };
  }
  const reachable = (await tryToOwn(folder, user)) ? folder : await ownReserve(reserve, user);
  return { folder: reachable, binaries: await reachableBinaries(installed, user), user };
}

/** Where a Postgres home keeps its data. */
export function dataFolder(home: string): string {
  return path.join(home, 'data');
}

/** Every folder that a home wanted at this place may have made, for who wants to remove it. */
export function possibleHomes(wanted: string): readonly string[] {
  return [wanted, path.join(publicFolder, fingerprint(wanted))];
}

/** Whether a home wanted at this place has data, wherever it lies. */
export async function isInitialised(wanted: string): Promise<boolean> {
  return (await Promise.all(possibleHomes(wanted).map(holdsData))).includes(true);
}

async function holdsData(home: string): Promise<boolean> {
  return (
    (await stat(path.join(dataFolder(home), 'PG_VERSION')).catch(() => undefined)) !== undefined
  );
}

async function tryToOwn(folder: string, user: SystemUser): Promise<boolean> {
  await makeFolder(folder);
  await chown(folder, user.uid, user.gid);
  const { ok } = await runTool('/bin/sh', ['-c', 'test -w "$0" && test -x "$0"', folder], { user });
  return ok;
}

async function ownReserve(reserve: string, user: SystemUser): Promise<string> {
  if (await tryToOwn(reserve, user)) return reserve;
  throw new StartFailure(
    `Postgres would run as user ${user.uid}, who can reach neither the project folder nor ${reserve}. ` +
      'Run npm start as an ordinary user in a folder of its own, or set DATABASE_URL.',
  );
}

async function reachableBinaries(
  installed: PostgresBinaries,
  user: SystemUser,
): Promise<PostgresBinaries> {
  if (await canRun(installed, user)) return installed;
  const copy = path.join(publicFolder, `postgres-${fingerprint(await identity(installed))}`);
  if (!(await canRun(binariesIn(copy), user))) await copyWhole(installed.native, copy);
  if (await canRun(binariesIn(copy), user)) return binariesIn(copy);
  throw new StartFailure(
    `User ${user.uid} can run Postgres neither from ${installed.native} nor from ${copy}. ` +
      'Run npm start as an ordinary user, or set DATABASE_URL.',
  );
}

async function canRun(binaries: PostgresBinaries, user: SystemUser): Promise<boolean> {
  const tried = await Promise.all(
    [binaries.initdb, binaries.pgCtl, binaries.postgres].map((program) =>
      runTool(program, ['--version'], { user }),
    ),
  );
  return tried.every(({ ok }) => ok);
}

// Other projects of the same version share the copy.
async function identity({ postgres }: PostgresBinaries): Promise<string> {
  const [{ output }, { size }] = await Promise.all([
    runTool(postgres, ['--version']),
    stat(postgres),
  ]);
  return `${output} ${size}`;
}

// By a rename, so that a copy is whole or absent; when two starts race, either one's copy is good.
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(publicFolder, { recursive: true });
  const work = await mkdtemp(`${to}-`);
  try {
    await cp(from, path.join(work, 'native'), { recursive: true, verbatimSymlinks: true });
    await rename(path.join(work, 'native'), to).catch(() => undefined);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
