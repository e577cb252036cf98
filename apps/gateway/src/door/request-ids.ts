import type { Clock } from '@candlekeep/clock';
import { withRequestId } from '@candlekeep/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const HEADER = 'x-request-id';
/** What stands in a log line and in a job as it came: no room for anything but a name. */
const SANE = /^[\w.:-]{1,64}$/;
/** Of a process' own ids, the part that no other process has. */
const PREFIX_LENGTH = 8;

/**
 * Each request has an id: the caller's own where that is a name, else one of ours. It is told in the answer, and whatever is done for
 * the request, here or in a worker, is logged under it. To be called before whoever may refuse a request.
 */
export function nameRequests(app: NestFastifyApplication, clock: Clock): void {
  const prefix = clock.token().slice(0, PREFIX_LENGTH);
  let count = 0;
  const ownId = (): string => {
    count += 1;
    return `${prefix}-${count}`;
  };
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    const given = request.headers[HEADER];
    const id = typeof given === 'string' && SANE.test(given) ? given : ownId();
    request.id = id;
    reply.header('X-Request-Id', id);
    done();
  });
}

/** What the request's handler does is logged under its id. To be called behind whoever answers from memory, whose work is done at once. */
export function logUnderIds(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (request, _reply, done) => {
      withRequestId(request.id, done);
    });
}
