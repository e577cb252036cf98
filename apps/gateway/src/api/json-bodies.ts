import { isUtf8 } from 'node:buffer';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RawServerDefault } from 'fastify';
import { ApiRefusal } from './api-refusal';

/**
 * Reads JSON bodies. Many clients say `application/json` with every request, also where there is nothing to say: an empty body is none.
 * Every other body that cannot be read is refused with an `ApiRefusal` that says why.
 */
export function readJsonBodies(app: NestFastifyApplication): void {
  const parse = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', {}, (request, body, done) => {
    const refusal = findRefusal(request, body);
    if (refusal !== undefined) done(refusal, undefined);
    else if (body.length === 0) done(null, undefined);
    else {
      const text = body.toString('utf8');
      void parse(request, text, (error, value) => {
        done(error === null ? null : unreadable(text), value);
      });
    }
  });
}

function findRefusal({ headers }: FastifyRequest, body: Buffer): ApiRefusal | undefined {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    return new ApiRefusal(415, 'The body must come as it is: leave Content-Encoding out.');
  }
  if (isUtf8(body)) return undefined;
  return new ApiRefusal(400, 'The body is not UTF-8, which JSON is written in.');
}

/** Why the framework did not take it: it is no JSON, or would change what all objects have. */
function unreadable(text: string): ApiRefusal {
  try {
    JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return new ApiRefusal(400, `The body is no JSON: ${why}.`);
  }
  return new ApiRefusal(400, 'The body has a member __proto__ or constructor.prototype: none may.');
}
