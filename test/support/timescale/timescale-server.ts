import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createPool, type Pool } from '@candlekeep/postgres';
import { z } from 'zod';

const READY_WITHIN_MS = 30_000;
const ready = z.object({ url: z.string() });

/**
 * A server with TimescaleDB that npm brings along. It is one session, whoever connects: connections come one after the other,
 * and what one leaves behind (prepared statements) has to be cleared before the next.
 */
export class TimescaleServer {
  private constructor(
    private readonly host: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<TimescaleServer> {
    const host = fork(path.join(__dirname, 'timescale-host.mjs'));
    const messages: unknown[] = await once(host, 'message', {
      signal: AbortSignal.timeout(READY_WITHIN_MS),
    });
    return new TimescaleServer(host, ready.parse(messages[0]).url);
  }

  /** A pool beside which no other connection may stand; to be given back with {@link disconnect}. */
  connect(): Pool {
    const pool = createPool({ url: this.url, applicationName: 'tests', onError: ignore });
    pool.options.max = 1;
    return pool;
  }

  async disconnect(pool: Pool): Promise<void> {
    if (pool.totalCount > 0) await pool.query('DEALLOCATE ALL');
    await pool.end();
  }

  async withPool<Result>(work: (pool: Pool) => Promise<Result>): Promise<Result> {
    const pool = this.connect();
    try {
      return await work(pool);
    } finally {
      await this.disconnect(pool);
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.host, 'exit');
    this.host.disconnect();
    await ended;
  }
}

function ignore(): void {
  // A query in flight reports its own error.
}
