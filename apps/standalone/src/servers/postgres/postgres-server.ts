import { Clock } from '@candlekeep/clock';
import { choosePort } from '../../ports/free-port';
import { killProcess } from '../../processes/end-process';
import { logTail, rotateLog } from '../../processes/log-file';
import { isRunning } from '../../processes/process-stamp';
import { StartFailure } from '../../start-failure';
import type { RunningServer } from '../running-server';
import { readOrMakeSecret } from '../secret-file';
import { databaseUrl, makeDatabase, waitForAnswer } from './database';
import { findPostgres } from './postgres-binaries';
import { PostgresCluster, Postmaster } from './postgres-cluster';
import { choosePostgresHome, isInitialised } from './postgres-home';

export interface PostgresOptions {
  readonly folder: string;
  readonly durable: boolean;
}

const name = 'Postgres server';
const answerLimitMs = 10_000;
const attempts = 5;
const pauseMs = 2_000;

/** Starts Postgres on the data of this folder, made at the first start; takes over a server that survived a kill. */
export async function startPostgres(
  options: PostgresOptions,
  clock: Clock,
): Promise<RunningServer> {
  const cluster = await openCluster(options);
  const password = await readOrMakeSecret(cluster.passwordFile, clock);
  await cluster.makeData();
  const postmaster =
    (await adopt(cluster, password, clock)) ?? (await launch(cluster, password, clock));
  const access = { port: postmaster.port, password };
  await makeDatabase(access);
  return {
    name,
    url: databaseUrl(access),
    stamp: postmaster.stamp,
    logFile: cluster.logFile,
    folder: cluster.data,
    close: () => stop(cluster, postmaster, clock),
  };
}

/** Stops the server that a killed run left on this folder, if there is one. */
export async function stopPostgresSurvivor(options: PostgresOptions, clock: Clock): Promise<void> {
  if (!(await isInitialised(options.folder))) return;
  const cluster = await openCluster(options);
  const postmaster = await cluster.findPostmaster();
  if (postmaster !== undefined) await stop(cluster, postmaster, clock);
}

async function openCluster({ folder, durable }: PostgresOptions): Promise<PostgresCluster> {
  const home = await choosePostgresHome(folder, await findPostgres());
  return new PostgresCluster({ home, durable });
}

// A survivor that does not let us in (it was stopping, or hangs) is ended, and a new one started in its place.
async function adopt(
  cluster: PostgresCluster,
  password: string,
  clock: Clock,
): Promise<Postmaster | undefined> {
  const survivor = await cluster.findPostmaster();
  if (survivor === undefined) return undefined;
  const answer = await waitForAnswer({ port: survivor.port, password }, answerLimitMs, clock);
  if (answer.kind === 'answers') return survivor;
  await stop(cluster, survivor, clock);
  return undefined;
}

// More than one attempt: the port may be taken between our look and the server's, and for some seconds after a
// `kill -9` of Postgres its orphaned backends still hold the shared memory.
async function launch(
  cluster: PostgresCluster,
  password: string,
  clock: Clock,
): Promise<Postmaster> {
  await rotateLog(cluster.logFile);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await clock.sleep(pauseMs);
    const port = await choosePort('127.0.0.1');
    if (!(await cluster.start(port)).ok) continue;
    const postmaster = await cluster.findPostmaster();
    if (postmaster === undefined) continue;
    return verified(cluster, { postmaster, password, clock });
  }
  throw new StartFailure(
    `Postgres did not start on ${cluster.data}. From ${cluster.logFile}:\n${await logTail(cluster.logFile, 8)}`,
  );
}

interface Launched {
  readonly postmaster: Postmaster;
  readonly password: string;
  readonly clock: Clock;
}

async function verified(
  cluster: PostgresCluster,
  { postmaster, password, clock }: Launched,
): Promise<Postmaster> {
  const answer = await waitForAnswer({ port: postmaster.port, password }, answerLimitMs, clock);
  if (answer.kind === 'answers') return postmaster;
  await stop(cluster, postmaster, clock);
  throw new StartFailure(
    `Postgres started on ${cluster.data} but does not let us in (${answer.reason}). ` +
      `Put the right password back into ${cluster.passwordFile}, or move the data folder away to begin anew.`,
  );
}

async function stop(cluster: PostgresCluster, { stamp }: Postmaster, clock: Clock): Promise<void> {
  if (!(await isRunning(stamp))) return;
  if ((await cluster.stop('fast')).ok) return;
  if ((await cluster.stop('immediate')).ok) return;
  await killProcess(stamp, clock);
}
