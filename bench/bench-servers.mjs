// Redis and Postgres of a benchmark's own, which are gone when it ends.
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import clockRoom from '../dist/libs/clock/src/index.js';
import serversModule from '../dist/apps/standalone/src/servers/local-servers.js';

const clock = new clockRoom.SystemClock();
const stateFolder = path.resolve('.candlekeep');

/** Durable, as in production. `folder` is theirs; `close` stops them and removes it. */
export async function startBenchServers() {
  const folder = await mkdtemp(path.join(stateFolder, 'bench-'));
  const servers = await serversModule.startLocalServers(
    {
      ...{ folder, cacheFolder: path.join(stateFolder, 'cache'), searchPath: process.env.PATH },
      ...{ given: {}, durable: true, say: () => {} },
    },
    clock,
  );
  const close = async () => {
    await servers.close();
    await serversModule.removeLocalServers(folder, clock);
  };
  const { redisUrl, redisCacheUrl, databaseUrl } = servers;
  return { redisUrl, redisCacheUrl, databaseUrl, folder, close };
}
