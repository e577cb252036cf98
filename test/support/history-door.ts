import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { waitFor } from './app-process';

const count = z.number();
const task = z.looseObject({
  id: z.string(),
  state: z.string(),
  from: z.string(),
  to: z.string(),
  cursor: z.string(),
  ...{ pages: count, calls: count, rows: count, compared: count, added: count },
  ...{ missing: count, surplus: count, different: count },
  verdict: z.string().optional(),
  differences: z.array(z.looseObject({ open: z.string(), kind: z.string() })),
});

export type TaskSeen = z.infer<typeof task>;
export type TaskWish = Readonly<Record<'market' | 'timeframe' | 'from' | 'to', string>>;

export interface CommandSeen {
  readonly code: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** The history part of a gateway's own API, as a program of a stranger would use it. */
export class HistoryDoor {
  constructor(private readonly gatewayUrl: () => string) {}

  /** Asks anything. */
  async send(method: string, target: string, body?: string, contentType = 'application/json') {
    const content = body === undefined ? {} : { body, headers: { 'Content-Type': contentType } };
    const response = await fetch(`${this.gatewayUrl()}${target}`, { method, ...content });
    const { status, headers } = response;
    return { status, headers, body: await response.text() };
  }

  async open(tasks: 'backfills' | 'verifications', wish: TaskWish): Promise<TaskSeen> {
    const { body } = await this.send('POST', `/api/${tasks}`, JSON.stringify(wish));
    return task.parse(JSON.parse(body));
  }

  async look(tasks: 'backfills' | 'verifications', id: string): Promise<TaskSeen> {
    return task.parse(JSON.parse((await this.send('GET', `/api/${tasks}/${id}`)).body));
  }

  /** Opens a task and waits for its end. */
  async run(tasks: 'backfills' | 'verifications', wish: TaskWish): Promise<TaskSeen> {
    return await this.untilEnded(tasks, (await this.open(tasks, wish)).id);
  }

  async untilEnded(tasks: 'backfills' | 'verifications', id: string): Promise<TaskSeen> {
    let seen = await this.look(tasks, id);
    await waitFor(async () => {
      seen = await this.look(tasks, id);
      expect(seen.state).not.toBe('running');
    }, 45_000);
    return seen;
  }

  /** Runs a command as `npm run` does; resolves when it has ended. */
  async command(...args: readonly string[]): Promise<CommandSeen> {
    return await this.runCommand(args);
  }

  /** The same, with Ctrl-C as soon as it has printed something. */
  async interruptedCommand(...args: readonly string[]): Promise<CommandSeen> {
    return await this.runCommand(args, (child) => {
      child.stdout.once('data', () => child.kill('SIGINT'));
    });
  }

  private async runCommand(
    args: readonly string[],
    onStart: (child: ChildProcessByStdio<null, Readable, Readable>) => void = () => undefined,
  ): Promise<CommandSeen> {
    const main = path.resolve('dist', 'apps', 'operator', 'src', 'main.js');
    const child = spawn(process.execPath, [main, ...args, '--gateway', this.gatewayUrl()], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    onStart(child);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await ended;
    return { code: child.exitCode, output: output + errors };
  }
}
