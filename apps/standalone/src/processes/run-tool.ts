import { execFile } from 'node:child_process';

/** Whom a program runs as, when it is not us. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ToolOptions {
  readonly user?: SystemUser | undefined;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** `output` is stdout and stderr, trimmed; of a program that could not be run at all, the reason. */
export interface ToolOutcome {
  readonly ok: boolean;
  readonly output: string;
}

const defaultTimeoutMs = 60_000;

/** Runs a program to its end, without a shell; one that outlives its time is killed and counts as failed. */
export function runTool(
  file: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolOutcome> {
  const { user, cwd = '/', timeoutMs = defaultTimeoutMs, env } = options;
  const spawnOptions = { ...user, cwd, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      env === undefined ? spawnOptions : { ...spawnOptions, env },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (error === null) resolve({ ok: true, output });
        else resolve({ ok: false, output: output === '' ? error.message : output });
      },
    );
  });
}
