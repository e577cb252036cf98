import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { closeAll } from './close-all';
import { DrainingServer } from './draining-server';
import { listenFailure } from './listen-failure';
import type { Closable } from './process-lifecycle';
import { openSideDoor, type SideDoor, type SideDoorOptions, type SideDoorParts } from './side-door';

export interface HttpDoorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** The 400 for a URL that cannot be read; without it Fastify's own. */
  readonly badUrl?: (url: string) => { readonly type: string; readonly body: string };
  /** The URL that a request is routed by, when that is not the one it came with. */
  readonly rewriteUrl?: (request: IncomingMessage) => string;
  /** Has whoever listens there until now make way; called at the last moment. */
  readonly makeWay?: () => void;
  /** Last touches before the door opens. */
  readonly prepare?: (app: NestFastifyApplication) => void;
  /** A further address at which the same application answers. */
  readonly sideDoor?: SideDoorOptions;
  /** Default: 10 s for a head, 30 s for all of a request, 72 s between two. */
  readonly limits?: ConnectionLimits;
}

/** How long requests may take to come, and connections may be idle, ms, as Node.js calls it. */
export interface ConnectionLimits {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** How often connections are looked at for the first two. */
  readonly connectionsCheckingInterval: number;
}

/** A Nest application that listens. `close` lets running requests end. */
export interface HttpDoor extends Closable {
  /** `http://host:port` */
  readonly url: string;
  /** Of the side door, if there is one. */
  readonly sideUrl?: string;
}

/** A body that is longer is refused, bytes. */
const MOST_BODY_BYTES = 1_024 * 1_024;
/** The head of a request has so long to come, ms, and all of it: who sends slower holds connections for nothing. */
const HEAD_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
/** How often connections are looked at for it, ms. */
const LOOK_EVERY_MS = 2_000;
/** A connection may be idle between two requests for so long, ms: longer than the minute that load balancers keep theirs. */
const IDLE_MS = 72_000;

const LIMITS: ConnectionLimits = {
  requestTimeout: REQUEST_WITHIN_MS,
  keepAliveTimeout: IDLE_MS,
  headersTimeout: HEAD_WITHIN_MS,
  connectionsCheckingInterval: LOOK_EVERY_MS,
};

/** Opens a process' HTTP door: Nest over Fastify. Throws one clear error when the port is taken. */
export async function openHttpDoor(
  module: DynamicModule,
  options: HttpDoorOptions,
): Promise<HttpDoor> {
  const { host, port, clock, prepare, limits = LIMITS } = options;
  const adapter = new FastifyAdapter({
    forceCloseConnections: false,
    return503OnClosing: false,
    ...{ bodyLimit: MOST_BODY_BYTES, http: { ...limits } },
    ...{ requestTimeout: limits.requestTimeout, keepAliveTimeout: limits.keepAliveTimeout },
    ...(options.rewriteUrl === undefined ? {} : { rewriteUrl: options.rewriteUrl }),
    ...answerBadUrls(options.badUrl),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  prepare?.(app);
  const server = new DrainingServer(app.getHttpServer(), () => app.close(), clock);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  options.makeWay?.();
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenFailure(error, { host, port, variable: 'PORT' });
  }
  const url = await app.getUrl();
  if (options.sideDoor === undefined) return { url, close: () => server.close() };
  try {
    const side = await openBeside(app, options.sideDoor, { clock, limits });
    return { url, sideUrl: side.url, close: () => closeAll([side, server]) };
  } catch (error) {
    await server.close();
    throw listenFailure(error, { ...options.sideDoor, variable: 'ADMIN_PORT' });
  }
}

async function openBeside(
  app: NestFastifyApplication,
  options: SideDoorOptions,
  parts: Pick<SideDoorParts, 'clock' | 'limits'>,
): Promise<SideDoor> {
  const fastify = app.getHttpAdapter().getInstance();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    fastify.routing(request, response);
  };
  return await openSideDoor(options, { answer, ...parts });
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
