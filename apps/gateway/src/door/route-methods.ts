import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nothingThere, refusalReply, type RefusalReply } from './refusal-reply';

/** Which methods each path of a server takes. */
class RouteMethods {
  private readonly routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];

  /** @param pattern as the router has it: `/api/strategies/:id`. One that takes everything says nothing. */
  add(pattern: string, methods: readonly string[]): void {
    if (!pattern.includes('*')) this.routes.push({ path: pathPattern(pattern), methods });
  }

  /** Sorted; empty where there is nothing. */
  of(path: string): readonly string[] {
    const fitting = this.routes.filter((route) => route.path.test(path));
    return [...new Set(fitting.flatMap(({ methods }) => methods))].sort();
  }
}

/**
 * Answers where no route fits, before a body is read: 405 with `Allow` (RFC 9110, 15.5.6) where only the method is wrong, 308 where a
 * slash at the end is too much, else 404. To be called before the application has routes.
 */
export function answerWithoutRoute(app: NestFastifyApplication): void {
  const known = new RouteMethods();
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', ({ url, method }) => {
    known.add(url, [method].flat());
  });
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (hasNoRoute(request)) answer(request, reply, known);
    else done(null, payload);
  });
}

/** The router takes an empty end of a path for a parameter. */
function hasNoRoute({ is404, url, routeOptions }: FastifyRequest): boolean {
  if (is404) return true;
  return routeOptions.url?.includes(':') === true && pathOf(url).endsWith('/');
}

function answer({ url, method }: FastifyRequest, reply: FastifyReply, known: RouteMethods): void {
  const path = pathOf(url);
  const methods = known.of(path);
  // Where one is this method, the path is understood in another way than the router does.
  if (methods.length > 0 && !methods.includes(method)) {
    const reason = `${method} is not for ${path}: expected one of ${methods.join(', ')}.`;
    void reply.header('Allow', methods.join(', '));
    send(reply, 405, refusalReply(url, 405, reason));
    return;
  }
  const shorter = path.replace(/\/$/, '');
  if (!url.startsWith('/v1/') && known.of(shorter).includes(method)) {
    void reply.redirect(shorter + url.slice(path.length), 308);
    return;
  }
  send(reply, 404, nothingThere(url));
}

function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/);
  return path;
}

function send(reply: FastifyReply, status: number, { type, body }: RefusalReply): void {
  void reply.status(status).header('Content-Type', type).send(body);
}

function pathPattern(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : literal(part)));
  return new RegExp(`^${parts.join('/')}$`);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
