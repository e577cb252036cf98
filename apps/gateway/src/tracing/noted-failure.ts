import type { FastifyRequest } from 'fastify';

const failure = Symbol('why the request failed');

declare module 'fastify' {
  interface FastifyRequest {
    [failure]?: unknown;
  }
}

/** Notes the error that a request is answered with. */
export function noteFailure(request: FastifyRequest, error: unknown): void {
  request[failure] = error;
}

/** The error that the request was answered with; undefined where there was none. */
export function findFailure(request: FastifyRequest): unknown {
  return request[failure];
}
