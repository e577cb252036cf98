import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { runTool } from './run-tool';

/**
 * One process, for certain: its id and when it started. The id alone is not enough, since ids are used again (a
 * restarted container hands the same small numbers out).
 */
export const processStampSchema = z.object({ pid: z.int().positive(), start: z.string().min(1) });
export type ProcessStamp = Readonly<z.infer<typeof processStampSchema>>;

/** The stamp of the living process with this id; undefined when there is none (a zombie is none). */
export async function findStamp(pid: number): Promise<ProcessStamp | undefined> {
  const start = process.platform === 'linux' ? await startInProc(pid) : await startFromPs(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether exactly this process still lives. */
export async function isRunning(stamp: ProcessStamp): Promise<boolean> {
  return (await findStamp(stamp.pid))?.start === stamp.start;
}

/** When the process of a line of /proc/<pid>/stat started, in ticks since boot; undefined for a zombie. */
export function startInStatLine(line: string): string | undefined {
  // The second field, the program's name in brackets, may hold spaces and brackets: count from the last bracket.
  const [state, ...others] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : others[18];
}

async function startInProc(pid: number): Promise<string | undefined> {
  try {
    return startInStatLine(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const { ok, output } = await runTool('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return ok && output !== '' ? output : undefined;
}
