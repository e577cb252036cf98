import type { FastifyRequest } from 'fastify';
import { ApiRefusal } from './api-refusal';

/** Anything else a web page of a stranger could send without asking first. */
export function refuseOtherThanJson({ headers }: FastifyRequest): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ApiRefusal(415, 'The body must be application/json.');
  }
}

/** For requests without a body. A page always says its origin with them; who says none is no page. */
export function refusePagesOtherThanJson(request: FastifyRequest): void {
  if (request.headers.origin !== undefined) refuseOtherThanJson(request);
}
