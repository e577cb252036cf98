import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import { AppProcess } from '../app-process';
import { House } from '../house';

const run = promisify(execFile);
const failedRun = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const KEYS = path.resolve('dist', 'apps', 'keys', 'src', 'main.js');

/** What a gateway answered. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Asks over real HTTP, without following where it leads. */
export async function ask(url: string, init: RequestInit = {}): Promise<Said> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

/** The header that shows a key. */
export function bearer(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` };
}

/** A house whose gateways are started by the test, each with variables of its own, and the command that makes their keys. */
export class KeyedHouse {
  readonly gateways: AppProcess[] = [];

  private constructor(private readonly house: House) {}

  /** @param redisDatabase that the test file has for itself */
  static async start(redisDatabase: number): Promise<KeyedHouse> {
    return new KeyedHouse(await House.start({ redisDatabase, gateways: 0, workers: 1 }));
  }

  /** One more gateway; rejects with its output when it refuses to start. */
  async open(environment: Readonly<Record<string, string>>): Promise<AppProcess> {
    const common = { ...this.house.environment, PORT: '0', DRAIN_NOTICE_MS: '0' };
    const gateway = await AppProcess.start('gateway', { ...common, ...environment });
    this.gateways.push(gateway);
    return gateway;
  }

  /** The server of the queues. */
  get queue(): RedisConnection {
    return this.house.redis.queue;
  }

  /** Runs a command for people, a file or an app, to its end, with this environment alone. */
  async command(
    command: 'operator' | 'calculator' | `${string}.mjs`,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly output: string }> {
    const main = command.endsWith('.mjs') ? command : `dist/apps/${command}/src/main.js`;
    return await run(process.execPath, [path.resolve(main), ...args], {
      env: { ...environment },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (failure: unknown) => {
        const { code, stdout, stderr } = failedRun.parse(failure);
        return { code, output: stdout + stderr };
      },
    );
  }

  /** Runs `npm run keys -- …`; resolves with what it prints. */
  async keys(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [KEYS, ...args], {
      env: { DATABASE_URL: this.house.environment.DATABASE_URL ?? '' },
    });
    return stdout.trim();
  }

  async close(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.house.close();
  }
}
