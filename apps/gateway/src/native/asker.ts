import type { FastifyRequest } from 'fastify';
import { payFor } from '../access/request-principal';
import { parseCacheDirectives } from '../cache-directives';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { callerNameOf } from '../caller-name';
import type { Terms } from './question/native-question';

/** Who asks, and on which terms. */
export interface Asker {
  readonly name: string;
  readonly terms: Terms;
  /** Takes so many candles off what the caller may have, where an answer holds several answers. */
  readonly pay?: (candles: number) => void;
  /** The most candles that one question may be answered. Default: any number. */
  readonly mostRows?: number;
}

/** Reads the request's headers, as they are read at `/v1`. Throws a refusal for a class or a name that is none. */
export function askerOf(request: FastifyRequest): Asker {
  const { headers } = request;
  return {
    name: callerNameOf(request),
    mostRows: request.allowance?.mostAtOnce ?? Infinity,
    pay: (candles) => {
      payFor(request, candles);
    },
    terms: {
      ...parseCacheDirectives(headers['cache-control']),
      caller: parseCallerClass(headers[CLASS_HEADER]),
    },
  };
}
