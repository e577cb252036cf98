import 'reflect-metadata';
import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayEnv } from './env';
import { GatewayModule } from './gateway.module';
import { openGatewayParts } from './gateway-parts';

export interface GatewayStart {
  readonly env: GatewayEnv;
  readonly log: Logger;
  readonly clock: Clock;
}

/** A gateway that listens. */
export interface RunningGateway extends Closable {
  /** `http://host:port` */
  readonly url: string;
}

/** Opens the tiers, then listens. When listening fails, what was opened is closed again. */
export async function startGateway(start: GatewayStart): Promise<RunningGateway> {
  const { env, log } = start;
  const parts = await openGatewayParts(start);
  try {
    const app = await listen(GatewayModule.with(parts), env);
    const url = await app.getUrl();
    log.info(`gateway listens on ${url}`);
    return { url, close: () => closeAll([parts, app]) };
  } catch (error) {
    await parts.close();
    throw listenFailure(error, env);
  }
}

async function listen(
  module: ReturnType<typeof GatewayModule.with>,
  { HOST, PORT }: GatewayEnv,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  await app.listen(PORT, HOST);
  return app;
}

function listenFailure(error: unknown, { HOST, PORT }: GatewayEnv): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `port ${PORT} on ${HOST} is taken; stop the program that listens there or set PORT to another`,
    { cause: error },
  );
}
