import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll, openHttpDoor } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import type { WorkerEnv } from './env';
import { openWorkerParts } from './worker-parts';
import { WorkerModule } from './worker.module';

export interface WorkerStart {
  readonly env: WorkerEnv;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Begins to take jobs and, when `PORT` is set, answers health there. */
export async function startWorker(start: WorkerStart): Promise<Closable> {
  const { env, log, clock } = start;
  const parts = await openWorkerParts(start);
  log.info(`worker takes fetch jobs and asks ${env.UPBIT_REST_URL} as egress "${env.EGRESS_ID}"`);
  if (env.PORT === undefined) return parts;
  try {
    const { HOST: host, PORT: port } = env;
    const health = await openHttpDoor(WorkerModule.with(parts), { host, port, clock });
    return { close: () => closeAll([health, parts]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
