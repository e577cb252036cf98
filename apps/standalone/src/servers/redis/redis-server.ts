import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Clock } from '@candlekeep/clock';
import { Redis } from 'ioredis';
import { choosePort } from '../../ports/free-port';
import { endProcess } from '../../processes/end-process';
import { logTail, rotateLog } from '../../processes/log-file';
import {
  ProcessStamp,
  findStamp,
  isRunning,
  processStampSchema,
} from '../../processes/process-stamp';
import { StartFailure } from '../../start-failure';
import type { RunningServer } from '../running-server';
import { readOrMakeSecret } from '../secret-file';
import type { RedisBinary } from './redis-binary';
import { RedisRole, redisConf } from './redis-conf';

export interface RedisOptions {
  readonly role: RedisRole;
  readonly folder: string;
  readonly binary: RedisBinary;
}

const host = '127.0.0.1';
// Loading a large append-only file takes a while: about 1 s per 100 MB.
const startLimitMs = 60_000;
const stopLimitMs = 10_000;
const pollMs = 25;
// The port may be taken by another program between our look and the server's.
const attempts = 3;

/** Starts one Redis server in its folder; a survivor of an earlier run is stopped first. */
export async function startRedis(options: RedisOptions, clock: Clock): Promise<RunningServer> {
  const { role, folder } = options;
  const logFile = path.join(folder, 'server.log');
  await mkdir(folder, { recursive: true });
  await stopRedisSurvivor(folder, clock);
  await rotateLog(logFile);
  const password = await readOrMakeSecret(path.join(folder, 'password'), clock);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const started = await tryStart(options, { logFile, password, clock });
    if (started !== undefined) return started;
  }
  throw new StartFailure(
    `The Redis ${role} server did not start in ${folder}. From ${logFile}:\n${await logTail(logFile, 8)}`,
  );
}

/**
 * Stops the server that a killed run left in this folder. Stopping beats taking over: it takes some milliseconds, and the
 * new server surely runs with today's configuration. Two servers must never write to one append-only file.
 */
export async function stopRedisSurvivor(folder: string, clock: Clock): Promise<void> {
  const survivor = await readStamp(folder);
  if (survivor !== undefined) await endProcess(survivor, stopLimitMs, clock);
}

interface Launch {
  readonly logFile: string;
  readonly password: string;
  readonly clock: Clock;
}

async function tryStart(
  options: RedisOptions,
  { logFile, password, clock }: Launch,
): Promise<RunningServer | undefined> {
  const { role, folder } = options;
  const port = await choosePort(host);
  await writeFile(confFile(folder), redisConf({ role, folder, port, password }), { mode: 0o600 });
  const stamp = await launch(options, logFile);
  if (stamp === undefined) return undefined;
  const stop = async (): Promise<void> => {
    await endProcess(stamp, stopLimitMs, clock);
    await rm(stampFile(folder), { force: true });
  };
  const url = `redis://:${password}@${host}:${port}`;
  if (await answers(url, stamp, clock)) {
    return { name: `Redis ${role} server`, url, stamp, folder, logFile, close: stop };
  }
  await stop();
  return undefined;
}

// The server leads its own process group: Ctrl-C must not stop it ahead of those who use it.
async function launch(options: RedisOptions, logFile: string): Promise<ProcessStamp | undefined> {
  const { binary, folder } = options;
  const log = await open(logFile, 'a');
  const child = spawn(binary.file, [confFile(folder)], {
    cwd: folder,
    env: { LD_LIBRARY_PATH: binary.libraryFolders.join(':') },
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  child.once('error', (error) => void log.write(`${error.message}\n`).catch(() => undefined));
  child.unref();
  const stamp = child.pid === undefined ? undefined : await findStamp(child.pid);
  if (stamp !== undefined) await writeFile(stampFile(folder), JSON.stringify(stamp));
  await log.close();
  return stamp;
}

async function answers(url: string, stamp: ProcessStamp, clock: Clock): Promise<boolean> {
  const untilMs = clock.monotonicMs() + startLimitMs;
  while (clock.monotonicMs() < untilMs && (await isRunning(stamp))) {
    if (await ping(url)) return true;
    await clock.sleep(pollMs);
  }
  return false;
}

async function ping(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    enableReadyCheck: false,
  });
  // Without a listener a refused connection would end this process; connect() rejects with the same error.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    // While it still loads its file it answers with an error.
    await redis.ping();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

async function readStamp(folder: string): Promise<ProcessStamp | undefined> {
  try {
    return processStampSchema.parse(JSON.parse(await readFile(stampFile(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

function confFile(folder: string): string {
  return path.join(folder, 'redis.conf');
}

function stampFile(folder: string): string {
  return path.join(folder, 'process.json');
}
