import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { SystemClock } from '@candlekeep/clock';

/** Eight processes that start at once on a busy machine; less than a hook may take, so that the process is named. */
const READY_WITHIN_MS = 50_000;
const clock = new SystemClock();

/** One process of the built product, run as `npm run start:…` runs it, or of a script (`….mjs`) of the tests, with an environment of its own. */
export class AppProcess {
  private readonly child: ChildProcess;
  private output = '';

  private constructor(
    readonly app: string,
    environment: Readonly<Record<string, string>>,
  ) {
    const main = app.endsWith('.mjs')
      ? path.resolve(app)
      : path.resolve('dist', 'apps', app, 'src', 'main.js');
    this.child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
      });
    }
  }

  /** Starts an app and resolves when it says that it is ready; rejects with its output when it ends before. */
  static async start(
    app: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<AppProcess> {
    const started = new AppProcess(app, environment);
    const timeOut = AbortSignal.timeout(READY_WITHIN_MS);
    const outcome = await Promise.race([
      once(started.child, 'message', { signal: timeOut }).then(() => 'ready'),
      once(started.child, 'exit', { signal: timeOut }).then(() => 'ended'),
    ]).catch(() => 'silent');
    if (outcome === 'ready') return started;
    await started.stop('SIGKILL');
    throw new Error(
      `${app} ${outcome === 'ended' ? 'ended' : 'was not ready'} at start:\n${started.output}`,
    );
  }

  /** The nth URL that the process printed, such as the one it listens on. */
  url(index = 0): string {
    const found = this.output.match(/http:\/\/127\.0\.0\.1:\d+/g)?.[index];
    if (found === undefined) throw new Error(`${this.app} printed no URL:\n${this.output}`);
    return found;
  }

  get log(): string {
    return this.output;
  }

  /** Of the running process. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Asks it to stop and resolves with its exit code; null when a signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.hasEnded) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
    return this.child.exitCode;
  }
}

/** Resolves when the condition holds; rejects with its last failure after `withinMs`. */
export async function waitFor(
  condition: () => Promise<void> | void,
  withinMs = 30_000,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + withinMs;
  for (;;) {
    try {
      await condition();
      return;
    } catch (error) {
      if (clock.monotonicMs() > deadlineMs) throw error;
      await clock.sleep(20);
    }
  }
}
