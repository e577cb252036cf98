import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Clock } from '@candlekeep/clock';
import { StartFailure } from '../start-failure';
import { logTail, rotateLog } from './log-file';
import { ProcessStamp, findStamp } from './process-stamp';

export interface AppSpec {
  readonly name: string;
  /** The compiled entry file. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
}

const shownLogLines = 12;

/**
 * One app of the house as a child process.
 *
 * It leads a process group of its own, so that a Ctrl-C at the terminal does not reach it ahead of its turn. The IPC
 * channel says when it is ready, and tells it to stop when this process is gone.
 */
export class AppProcess {
  private child: ChildProcess | undefined;
  private exit: Promise<string> | undefined;
  private closing = false;

  constructor(
    private readonly spec: AppSpec,
    private readonly clock: Clock,
  ) {}

  /** Starts it, and resolves to its stamp at once; undefined when it is already gone. */
  async spawn(): Promise<ProcessStamp | undefined> {
    await rotateLog(this.spec.logFile);
    const log = await open(this.spec.logFile, 'a');
    const child = spawn(process.execPath, [this.spec.script], {
      env: this.spec.env,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      detached: true,
    });
    this.child = child;
    this.exit = exitOf(child);
    await log.close();
    return child.pid === undefined ? undefined : findStamp(child.pid);
  }

  /** Resolves when it has said `ready`; throws StartFailure when it dies first or takes longer than it may. */
  async ready(signal: AbortSignal): Promise<void> {
    const { child, exit } = this.running();
    const waiting = new AbortController();
    const limit = AbortSignal.any([signal, waiting.signal]);
    try {
      const outcome = await Promise.race([
        readyMessage(child, limit),
        exit,
        this.clock.sleep(this.spec.readyWithinMs, limit).then(() => 'late'),
      ]);
      if (outcome !== 'ready') throw await this.failure(outcome);
    } finally {
      waiting.abort();
    }
  }

  /** Resolves to the reason when it dies although nobody asked it to; never otherwise. */
  async died(): Promise<StartFailure> {
    const how = await this.running().exit;
    return this.closing ? new Promise(() => undefined) : this.failure(how);
  }

  /** Stops it in order; kills it when it takes longer than it may. */
  async close(): Promise<void> {
    if (this.child === undefined) return;
    const { child, exit } = this.running();
    this.closing = true;
    child.kill('SIGTERM');
    const waiting = new AbortController();
    const late = this.clock.sleep(this.spec.stopWithinMs, waiting.signal).then(
      () => child.kill('SIGKILL'),
      () => false,
    );
    await exit;
    waiting.abort();
    await late;
  }

  private running(): { readonly child: ChildProcess; readonly exit: Promise<string> } {
    const { child, exit } = this;
    if (child === undefined || exit === undefined) {
      throw new Error(`${this.spec.name} is used before spawn(); call spawn() first.`);
    }
    return { child, exit };
  }

  private async failure(how: string): Promise<StartFailure> {
    const { name, readyWithinMs, logFile } = this.spec;
    const what = how === 'late' ? `was not ready within ${readyWithinMs / 1_000} s` : how;
    return new StartFailure(
      `The ${name} ${what}. Its last words, from ${logFile}:\n${await logTail(logFile, shownLogLines)}`,
    );
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be run (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      resolve(
        signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was ended by ${signal}`,
      );
    });
  });
}

async function readyMessage(child: ChildProcess, signal: AbortSignal): Promise<string> {
  for (;;) {
    const message: readonly unknown[] = await once(child, 'message', { signal });
    if (message[0] === 'ready') return 'ready';
  }
}
