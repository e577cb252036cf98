import type { FastifyRequest } from 'fastify';
import { parseCacheDirectives } from '../cache-directives';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { CALLER_HEADER, parseCallerName } from '../caller-name';
import type { Terms } from './question/native-question';

/** Who asks, and on which terms. */
export interface Asker {
  readonly name: string;
  readonly terms: Terms;
}

/** Reads the request's headers, as they are read at `/v1`. Throws a refusal for a class or a name that is none. */
export function askerOf({ headers, socket }: FastifyRequest): Asker {
  return {
    name: parseCallerName(headers[CALLER_HEADER], socket.remoteAddress),
    terms: {
      ...parseCacheDirectives(headers['cache-control']),
      caller: parseCallerClass(headers[CLASS_HEADER]),
    },
  };
}
