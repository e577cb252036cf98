import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** How a calculator ended. */
export interface CalculatorEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built calculator, as `npm run -s calculator -- …` runs it. */
export class CalculatorProcess {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly ended: Promise<unknown>;
  private written = '';
  private complained = '';

  constructor(gatewayUrl: string, ...args: readonly string[]) {
    const main = path.resolve('dist', 'apps', 'calculator', 'src', 'main.js');
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH ?? '', GATEWAY_URL: gatewayUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.written += chunk.toString('utf8');
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.complained += chunk.toString('utf8');
    });
  }

  /** Runs one to its end. */
  static async run(gatewayUrl: string, ...args: readonly string[]): Promise<CalculatorEnd> {
    return await new CalculatorProcess(gatewayUrl, ...args).end();
  }

  /** Whole lines of standard output so far. */
  get lines(): readonly string[] {
    return this.written.split('\n').slice(0, -1);
  }

  get warnings(): string {
    return this.complained;
  }

  /** Waits for its end, after `signal` when that is given. */
  async end(signal?: NodeJS.Signals): Promise<CalculatorEnd> {
    if (signal !== undefined) this.child.kill(signal);
    await this.ended;
    return { code: this.child.exitCode, stdout: this.written, stderr: this.complained };
  }
}
