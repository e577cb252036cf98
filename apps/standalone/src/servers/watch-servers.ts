import { Clock } from '@candlekeep/clock';
import type { RunningServer } from './running-server';
import { StartFailure } from '../start-failure';
import { logTail } from '../processes/log-file';
import { isRunning } from '../processes/process-stamp';

const lookEveryMs = 1_000;

/**
 * Resolves, with what to tell, when one of the servers has ended; never once `closing` is aborted. They are looked at
 * rather than listened to: a server that was taken over is not our child.
 */
export async function watchServers(
  servers: readonly RunningServer[],
  clock: Clock,
  closing: AbortSignal,
): Promise<StartFailure> {
  for (;;) {
    await clock.sleep(lookEveryMs, closing).catch(() => undefined);
    const ended = await firstEnded(servers);
    if (closing.aborted) return new Promise(() => undefined);
    if (ended !== undefined) return failure(ended);
  }
}

async function firstEnded(servers: readonly RunningServer[]): Promise<RunningServer | undefined> {
  for (const server of servers) {
    if (!(await isRunning(server.stamp))) return server;
  }
  return undefined;
}

async function failure({ name, logFile }: RunningServer): Promise<StartFailure> {
  return new StartFailure(
    `The ${name} has ended, and nobody here asked it to. From ${logFile}:\n${await logTail(logFile, 8)}`,
  );
}
