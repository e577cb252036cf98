import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Clock } from '@candlekeep/clock';
import { findStamp, isRunning, processStampSchema } from './processes/process-stamp';
import { removeLocalServers } from './servers/local-servers';

const prefix = 'test-';
const ownerFile = 'owner.json';

/** A folder for one test run, with its owner's stamp in it, so that a later run knows whether it was abandoned. */
export async function makeTestFolder(stateFolder: string): Promise<string> {
  const folder = path.join(stateFolder, `${prefix}${process.pid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, ownerFile), JSON.stringify(await findStamp(process.pid)));
  return folder;
}

/** Ends and removes what killed test runs have left behind. */
export async function removeAbandonedTestFolders(stateFolder: string, clock: Clock): Promise<void> {
  const names = await readdir(stateFolder).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(prefix))) {
    const folder = path.join(stateFolder, name);
    if (!(await hasLivingOwner(folder))) await removeLocalServers(folder, clock);
  }
}

async function hasLivingOwner(folder: string): Promise<boolean> {
  try {
    const text = await readFile(path.join(folder, ownerFile), 'utf8');
    return await isRunning(processStampSchema.parse(JSON.parse(text)));
  } catch {
    return false;
  }
}
