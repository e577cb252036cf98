import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiRefusal } from '../api/api-refusal';
import {
  STREAM_RETRY_SECONDS,
  type StreamPass,
  type StreamPasses,
  TOO_MANY_STREAMS,
} from './stream-passes';

/** The pass of a request that is answered by a stream, to be ended with it. Throws an `ApiRefusal`, 429, for one stream too many. */
export function takePass(
  passes: Pick<StreamPasses, 'take'>,
  request: FastifyRequest,
  reply: FastifyReply,
): StreamPass {
  const pass = passes.take(request);
  if (pass !== undefined) return pass;
  void reply.header('Retry-After', String(STREAM_RETRY_SECONDS));
  throw new ApiRefusal(429, TOO_MANY_STREAMS);
}
