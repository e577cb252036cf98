import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Clock } from '@candlekeep/clock';
import { isSystemError } from '../start-failure';

/** The password kept in `file`, made at the first call; only the file's owner may read it. */
export async function readOrMakeSecret(file: string, clock: Clock): Promise<string> {
  const kept = await readIfThere(file);
  if (kept !== '') return kept;
  const secret = clock.token();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}
