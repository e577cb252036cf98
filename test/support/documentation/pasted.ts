import { spawn } from 'node:child_process';
import { once } from 'node:events';

const WITHIN_MS = 20_000;

/** How a pasted command ended, and all that it printed. */
export interface PasteOutcome {
  /** `printed`: it would have gone on, and had printed something; `hung`: it went on for 20 s; else its exit code. */
  readonly end: 'printed' | 'hung' | number | null;
  readonly output: string;
}

export interface PasteOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of programs that are taken where the machine has none of their name. */
  readonly programs?: string;
  /** For what follows a stream until somebody ends it: end it as soon as it has printed something. */
  readonly untilOutput?: boolean;
}

/** Gives a program and its arguments to the system, and waits for its end or, where that is wanted, for its first words. */
export async function paste(
  [program = '', ...args]: readonly string[],
  options: PasteOptions,
): Promise<PasteOutcome> {
  const PATH = [process.env.PATH ?? '', options.programs ?? []].flat().join(':');
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { PATH, HOME: process.env.HOME ?? '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const seen: { output: string; end?: 'printed' | 'hung' } = { output: '' };
  // The whole group: a shell does not pass a signal on.
  const endAs = (end: 'printed' | 'hung', signal: NodeJS.Signals): void => {
    if (seen.end !== undefined || child.exitCode !== null || child.pid === undefined) return;
    seen.end = end;
    process.kill(-child.pid, signal);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      seen.output += chunk.toString('utf8');
      if (options.untilOutput === true) endAs('printed', 'SIGTERM');
    });
  }
  const limit = setTimeout(() => {
    endAs('hung', 'SIGKILL');
  }, WITHIN_MS);
  await once(child, 'close');
  clearTimeout(limit);
  return { end: seen.end ?? child.exitCode, output: seen.output };
}
