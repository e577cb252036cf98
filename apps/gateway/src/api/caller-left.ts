import type { FastifyReply } from 'fastify';

/** Why something was not gone on with: nobody waits for it any more. */
export class CallerHungUp extends Error {
  constructor() {
    super('The caller has hung up.');
  }
}

/** Whether the framework says that a caller hung up before it had said all. */
export function isAborted(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  // Connections of our own are reset as well, in other words.
  return error.code === 'ECONNRESET' && error.message === 'aborted';
}

/** Aborts with `CallerHungUp` when the caller hangs up: what takes many calls of the exchange is not gone on with for nobody. */
export function callerLeft({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort(new CallerHungUp());
  });
  return left.signal;
}
