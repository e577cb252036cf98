import { redact, type RequestSpan, type Tracer } from '@candlekeep/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAnswer } from '../metrics/told-answer';
import { findFailure } from './noted-failure';

const traced = Symbol('the span of the request');

declare module 'fastify' {
  interface FastifyRequest {
    [traced]?: RequestSpan;
  }
}

/** Asked every few seconds by machines, and of no interest to anybody who looks for a request. */
const PROBES = /^\/(?:health|metrics)(?:[/?]|$)/;

/**
 * Each request is a span: it goes on with its caller's trace, and what is done for it is a part of it. Without a tracer requests go by
 * without so much as a hook. To be called before whoever may answer a request.
 */
export function traceRequests(app: NestFastifyApplication, tracer: Tracer | undefined): void {
  if (tracer === undefined) return;
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (PROBES.test(request.url)) {
      done();
      return;
    }
    const { traceparent, tracestate } = request.headers;
    const span = tracer.openRequest(startOf(request), { traceparent, tracestate });
    request[traced] = span;
    // Also when the caller leaves before the answer: Fastify's own hooks are not called then.
    reply.raw.once('close', () => {
      end(span, request, reply);
    });
    span.run(done);
  });
  // Reading a body loses the context.
  server.addHook('preHandler', (request, _reply, done) => {
    const span = request[traced];
    if (span === undefined) done();
    else span.run(done);
  });
}

function startOf({ method, url, routeOptions }: FastifyRequest) {
  const [path = '', query] = redact(url).split(/\?(.*)/s);
  return {
    name: routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`,
    facts: {
      'http.request.method': method,
      'http.route': routeOptions.url,
      'url.path': path,
      'url.query': query,
    },
  };
}

function end(span: RequestSpan, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, headersSent, writableFinished } = reply.raw;
  span.tell({
    'candlekeep.request_id': request.id,
    'candlekeep.source': findAnswer(reply)?.source,
    'http.response.status_code': headersSent ? statusCode : undefined,
    'candlekeep.caller_left': writableFinished ? undefined : true,
  });
  if (headersSent && statusCode >= 500) span.fail(findFailure(request) ?? String(statusCode));
  span.end();
}
