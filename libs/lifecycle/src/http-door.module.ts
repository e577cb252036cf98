import 'reflect-metadata';
import type { Clock } from '@candlekeep/clock';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DrainingServer } from './draining-server';
import type { Closable } from './process-lifecycle';

export interface HttpDoorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** The 400 for a URL that cannot be read; without it Fastify's own. */
  readonly badUrl?: (url: string) => { readonly type: string; readonly body: string };
  /** Last touches before the door opens. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

/** A Nest application that listens. `close` lets running requests end. */
export interface HttpDoor extends Closable {
  /** `http://host:port` */
  readonly url: string;
}

/** Opens a process' HTTP door: Nest over Fastify. Throws one clear error when the port is taken. */
export async function openHttpDoor(
  module: DynamicModule,
  options: HttpDoorOptions,
): Promise<HttpDoor> {
  const { host, port, clock, prepare } = options;
  const adapter = new FastifyAdapter({
    forceCloseConnections: false,
    return503OnClosing: false,
    ...answerBadUrls(options.badUrl),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  prepare?.(app);
  const server = new DrainingServer(app.getHttpServer(), () => app.close(), clock);
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenFailure(error, host, port);
  }
  return { url: await app.getUrl(), close: () => server.close() };
}

function answerBadUrls(answer: HttpDoorOptions['badUrl']) {
  if (answer === undefined) return {};
  return {
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
      const { type, body } = answer(request.url);
      void reply.code(400).header('Content-Type', type).send(body);
    },
  };
}

function listenFailure(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `port ${port} on ${host} is taken; stop the program that listens there or set PORT to another`,
    { cause: error },
  );
}
