import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRedis } from '@candlekeep/redis';
import { inheritedSearchPath, projectCacheFolder } from '../../apps/standalone/src/env';
import { choosePort } from '../../apps/standalone/src/ports/free-port';
import { findRedis } from '../../apps/standalone/src/servers/redis/find-redis';
import type { RedisBinary } from '../../apps/standalone/src/servers/redis/redis-binary';
import { redisConf } from '../../apps/standalone/src/servers/redis/redis-conf';
import { waitFor } from './app-process';

const HOST = '127.0.0.1';
const PASSWORD = 'a-test';

/** A queue server, configured as the product configures it, that a test may kill and bring back at the same address. */
export class OwnQueueRedis {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly binary: RedisBinary,
    private readonly home: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<OwnQueueRedis> {
    const binary = await findRedis({
      searchPath: inheritedSearchPath(),
      cacheFolder: projectCacheFolder(),
      say: () => undefined,
    });
    const home = await mkdtemp(path.join(tmpdir(), 'candlekeep-redis-'));
    const redis = new OwnQueueRedis(binary, home, await choosePort(HOST));
    await redis.bringBack();
    return redis;
  }

  get url(): string {
    return `redis://:${PASSWORD}@${HOST}:${this.port}`;
  }

  /** As a power failure does. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    this.server = undefined;
  }

  /** Another server at this address, with what the last one had written to its disk. */
  async bringBack(): Promise<void> {
    const file = path.join(this.home, 'redis.conf');
    const conf = { role: 'queue', folder: this.home, port: this.port, password: PASSWORD } as const;
    await writeFile(file, redisConf(conf));
    this.server = spawn(this.binary.file, [file], {
      env: { LD_LIBRARY_PATH: this.binary.libraryFolders.join(':') },
      stdio: 'ignore',
    });
    await waitFor(() => this.ping());
  }

  /** Another server at this address that knows nothing, as after a failover to a replica that had received nothing. */
  async replace(): Promise<void> {
    await this.kill();
    await rm(path.join(this.home, 'appendonlydir'), { recursive: true, force: true });
    await this.bringBack();
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.home, { recursive: true, force: true });
  }

  private async ping(): Promise<void> {
    const redis = openRedis({
      ...{ url: this.url, role: 'command', name: 'test-ping', onError: () => undefined },
    });
    try {
      await redis.ping();
    } finally {
      redis.disconnect();
    }
  }
}
