import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Clock } from '@candlekeep/clock';
import { Opened } from '../opened';
import { possibleHomes } from './postgres/postgres-home';
import { startPostgres, stopPostgresSurvivor } from './postgres/postgres-server';
import { findRedis } from './redis/find-redis';
import type { RedisBinary } from './redis/redis-binary';
import { startRedis, stopRedisSurvivor } from './redis/redis-server';
import type { RunningServer } from './running-server';

export interface LocalServersOptions {
  /** Where data, passwords and logs of these servers lie. */
  readonly folder: string;
  /** Where a fetched Redis is kept, for all folders of the project. */
  readonly cacheFolder: string;
  /** Folders to look for an installed Redis in, as in PATH. */
  readonly searchPath: string;
  /** Servers that somebody else runs: for these nothing is started. */
  readonly given: GivenServers;
  /** False only for tests: faster, and safe against everything but a crash of the machine. */
  readonly durable: boolean;
  readonly say: (line: string) => void;
}

export interface GivenServers {
  readonly redisUrl?: string | undefined;
  readonly redisCacheUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
}

export interface LocalServers {
  readonly redisUrl: string;
  readonly redisCacheUrl: string;
  readonly databaseUrl: string;
  /** What was started here, in the order of starting; a given server is not among them. */
  readonly running: readonly RunningServer[];
  /** Stops what was started here, in reverse order. */
  close(): Promise<void>;
}

/** Brings up the servers that are not given. Either all of them run when it resolves, or none when it throws. */
export async function startLocalServers(
  options: LocalServersOptions,
  clock: Clock,
): Promise<LocalServers> {
  const opened = new Opened();
  try {
    return await startMissing(options, opened, clock);
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
}

/** Stops whatever a killed run left in this folder, and removes everything that belongs to it. */
export async function removeLocalServers(folder: string, clock: Clock): Promise<void> {
  await stopRedisSurvivor(queueFolder(folder), clock);
  await stopRedisSurvivor(cacheServerFolder(folder), clock);
  await stopPostgresSurvivor({ folder: postgresFolder(folder), durable: false }, clock);
  for (const place of [folder, ...possibleHomes(postgresFolder(folder))]) {
    await rm(place, { recursive: true, force: true });
  }
}

async function startMissing(
  options: LocalServersOptions,
  opened: Opened,
  clock: Clock,
): Promise<LocalServers> {
  const { folder, given, durable, say } = options;
  const running: RunningServer[] = [];
  const open = async (starting: Promise<RunningServer>): Promise<string> => {
    const server = await starting;
    opened.add(() => server.close());
    running.push(server);
    return server.url;
  };
  let databaseUrl = given.databaseUrl;
  if (databaseUrl === undefined) {
    say('Starting Postgres ...');
    databaseUrl = await open(startPostgres({ folder: postgresFolder(folder), durable }, clock));
  }
  const redis = await startMissingRedis(options, open, clock);
  return { databaseUrl, ...redis, running, close: () => opened.closeAll() };
}

// Who gives REDIS_URL alone means it for both roles, as everywhere in the house.
async function startMissingRedis(
  options: LocalServersOptions,
  open: (starting: Promise<RunningServer>) => Promise<string>,
  clock: Clock,
): Promise<{ readonly redisUrl: string; readonly redisCacheUrl: string }> {
  const { folder, given, say } = options;
  if (given.redisUrl !== undefined) {
    return { redisUrl: given.redisUrl, redisCacheUrl: given.redisCacheUrl ?? given.redisUrl };
  }
  const binary: RedisBinary = await findRedis(options);
  say('Starting Redis ...');
  const queue = { role: 'queue', folder: queueFolder(folder), binary } as const;
  const redisUrl = await open(startRedis(queue, clock));
  if (given.redisCacheUrl !== undefined) return { redisUrl, redisCacheUrl: given.redisCacheUrl };
  const cache = { role: 'cache', folder: cacheServerFolder(folder), binary } as const;
  return { redisUrl, redisCacheUrl: await open(startRedis(cache, clock)) };
}

function postgresFolder(folder: string): string {
  return path.join(folder, 'postgres');
}

function queueFolder(folder: string): string {
  return path.join(folder, 'redis-queue');
}

function cacheServerFolder(folder: string): string {
  return path.join(folder, 'redis-cache');
}
