import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { findStamp, isRunning, processStampSchema } from './process-stamp';

const recordSchema = z.object({
  supervisor: processStampSchema,
  environment: z.record(z.string(), z.string()),
});

/** What the processes of a running house were given, by the variables' names: enough to reach each of its servers. Holds passwords. */
export type HouseEnvironment = Readonly<Record<string, string>>;

/** Leaves word in the state folder, for commands beside it, that this process runs a house; only the file's owner may read it. */
export async function announceHouse(
  stateFolder: string,
  environment: HouseEnvironment,
): Promise<void> {
  const supervisor = await findStamp(process.pid);
  const file = fileIn(stateFolder);
  await writeFile(`${file}.new`, JSON.stringify({ supervisor, environment }), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Takes the word back. */
export async function withdrawHouse(stateFolder: string): Promise<void> {
  await rm(fileIn(stateFolder), { force: true });
}

/** What the house that runs on this state folder gave its processes; undefined when none does, or it belongs to somebody else. */
export async function findHouse(stateFolder: string): Promise<HouseEnvironment | undefined> {
  try {
    const text = await readFile(fileIn(stateFolder), 'utf8');
    const { supervisor, environment } = recordSchema.parse(JSON.parse(text));
    return (await isRunning(supervisor)) ? environment : undefined;
  } catch {
    // No file, not ours to read, or cut short by a crash: then nothing is known of a house.
    return undefined;
  }
}

function fileIn(stateFolder: string): string {
  return path.join(stateFolder, 'house.json');
}
