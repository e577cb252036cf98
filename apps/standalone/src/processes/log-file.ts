import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../start-failure';

const tailBytes = 8 * 1024;

/** Puts the log of the last run aside as `<file>.1`, so that a log folder holds two runs and no more. */
export async function rotateLog(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await rename(file, `${file}.1`);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}

/** The last lines of a log, each indented by two spaces; a sentence in brackets when there are none. */
export async function logTail(file: string, lines: number): Promise<string> {
  const text = await endOf(file);
  const kept = lastLines(text, lines);
  return kept.length === 0 ? '  (the log is empty)' : kept.map((line) => `  ${line}`).join('\n');
}

/** The last `count` lines of a text that are not blank. */
export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

async function endOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= tailBytes) return await readFile(file, 'utf8');
    const handle = await open(file);
    const { buffer } = await handle
      .read(Buffer.alloc(tailBytes), 0, tailBytes, size - tailBytes)
      .finally(() => handle.close());
    return buffer.toString('utf8');
  } catch {
    return '';
  }
}
