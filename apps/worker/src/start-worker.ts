import 'reflect-metadata';
import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { WorkerEnv } from './env';
import { openWorkerParts, type WorkerParts } from './worker-parts';
import { WorkerModule } from './worker.module';

export interface WorkerStart {
  readonly env: WorkerEnv;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Begins to take jobs and, when `PORT` is set, answers health there. */
export async function startWorker(start: WorkerStart): Promise<Closable> {
  const { env, log } = start;
  const parts = await openWorkerParts(start);
  log.info(`worker takes fetch jobs and asks ${env.UPBIT_REST_URL} as egress "${env.EGRESS_ID}"`);
  if (env.PORT === undefined) return parts;
  try {
    const health = await listen(parts, env.PORT, env.HOST);
    return { close: () => closeAll([health, parts]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function listen(
  parts: WorkerParts,
  port: number,
  host: string,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.with(parts),
    new FastifyAdapter({ forceCloseConnections: 'idle' }),
    { logger: false },
  );
  await app.listen(port, host);
  return app;
}
