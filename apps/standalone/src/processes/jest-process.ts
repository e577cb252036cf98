import { ChildProcess, spawn } from 'node:child_process';
import { Clock } from '@candlekeep/clock';
import { isSystemError } from '../start-failure';
import { requested } from './stop-request';

export interface JestRun {
  readonly resultsFile: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
}

const interruptedCode = 130;
const stopWithinMs = 10_000;

/** Runs jest to its end, or, when asked to stop, ends it with everything that its tests have started. */
export async function runJest(run: JestRun, clock: Clock): Promise<number> {
  const jest = spawn(
    process.execPath,
    [require.resolve('jest/bin/jest'), '--json', `--outputFile=${run.resultsFile}`, ...run.args],
    { env: run.env, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  const exit = exitOf(jest);
  const code = await Promise.race([exit, requested(run.stop)]);
  if (code !== undefined) return code;
  signalGroup(jest, 'SIGTERM');
  await Promise.race([exit, clock.sleep(stopWithinMs)]);
  signalGroup(jest, 'SIGKILL');
  await exit;
  return interruptedCode;
}

function exitOf(jest: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    jest.once('error', reject);
    jest.once('exit', (code) => {
      resolve(code ?? interruptedCode);
    });
  });
}

// Jest leads a process group of its own; its workers and what they started belong to it.
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}
