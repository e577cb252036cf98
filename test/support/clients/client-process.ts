import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';

const READY_WITHIN_MS = 30_000;

/** Where a client finds an exchange: base URLs without `/v1`, and of the stream with its path. */
export interface Site {
  readonly rest: string;
  readonly stream?: string;
}

/** A call of one of the clients' own methods. For the stream's client, `args` is `{ times, args }`: so many updates are awaited. */
export interface ClientCall {
  readonly client: 'ccxt' | 'ccxt-stream' | 'upbit-client';
  readonly site: Site;
  readonly method: string;
  readonly args: unknown;
}

/** What a call came to. A thrown error is told as `{ error: <class>, message }`, any other thrown value as it is. */
export type Outcome = z.infer<typeof outcome>;

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('returned'), value: z.unknown() }),
  z.object({ kind: z.literal('threw'), thrown: z.unknown() }),
]);
const answer = z.object({ id: z.number(), outcome });

interface Waiter {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/** Unmodified public clients of the exchange, in a process that jest's compiler does not reach. */
export class ClientProcess {
  private readonly waiters = new Map<number, Waiter>();
  private errors = '';
  private calls = 0;

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString('utf8');
    });
    child.on('message', (message) => {
      if (message !== 'ready') this.settle(answer.parse(message));
    });
    child.on('exit', () => {
      this.giveUp();
    });
  }

  /** Resolves when the clients are loaded. */
  static async start(): Promise<ClientProcess> {
    const child = fork(path.join(__dirname, 'client-host.mjs'), {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Clones values, so that an `undefined` in an answer is not lost on the way.
      serialization: 'advanced',
    });
    const started = new ClientProcess(child);
    const timeOut = AbortSignal.timeout(READY_WITHIN_MS);
    const isReady = await Promise.race([
      once(child, 'message', { signal: timeOut }).then(() => true),
      once(child, 'exit', { signal: timeOut }).then(() => false),
    ]);
    if (!isReady) throw new Error(`the clients could not be loaded; mend this:\n${started.errors}`);
    return started;
  }

  async call(call: ClientCall): Promise<Outcome> {
    this.calls += 1;
    const id = this.calls;
    return await new Promise((resolve, reject) => {
      this.waiters.set(id, { resolve, reject });
      this.child.send({ id, ...call });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  private settle({ id, outcome }: z.infer<typeof answer>): void {
    this.waiters.get(id)?.resolve(outcome);
    this.waiters.delete(id);
  }

  private giveUp(): void {
    const error = new Error(`the clients' process ended before its answer; see:\n${this.errors}`);
    for (const { reject } of this.waiters.values()) reject(error);
    this.waiters.clear();
  }
}
