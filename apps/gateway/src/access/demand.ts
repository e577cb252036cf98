import type { Scope } from '@candlekeep/access';
import type { FastifyRequest } from 'fastify';

/** What a route asks of whoever comes. */
export interface Demand {
  /** Undefined: nothing at all. */
  readonly scope: Scope | undefined;
  /** The administration itself: for who has said who it is, unless only this machine can come. */
  readonly isConsole: boolean;
  /** Whether people look at it in a browser. */
  readonly isPage: boolean;
  /** Whether it reads what the exchange shows everybody: nothing of this house, and of who asks it. */
  readonly isPublic: boolean;
  /** Whether it makes or revokes keys: for who shows one, also where none is asked for. */
  readonly changesKeys: boolean;
}

const OPEN = /^\/(?:health(?:\/|$)|docs(?:\/|$)|api\/openapi\.json$)/;
const LOGIN = /^\/admin\/(?:login|login\.css)$/;
const ADMIN_PAGES = /^\/admin(?:\/|$)/;
const CONSOLE_API = /^\/api\/(?:keys|log-level)(?:\/|$)/;
const KEYS = /^\/api\/keys(?:\/|$)/;
const PUBLIC = /^\/(?:v1\/|api\/(?:candles|markets|stream)(?:\/|$))/;
const PAGES = /^\/(?:admin|docs)(?:\/|$)/;
/** A question, although it is posted: it changes nothing. */
const BATCH = '/api/candles/batch';
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method changes nothing. */
export function isReading(method: string): boolean {
  return READING.has(method);
}

/** What is asked for a route, by the pattern under which it is registered. What is not named here takes `admin` to change. */
export function demandOf(method: string, route: string): Demand {
  const reads = isReading(method) || route === BATCH;
  const rest = {
    isPage: PAGES.test(route),
    isPublic: reads && PUBLIC.test(route),
    changesKeys: !reads && KEYS.test(route),
  };
  if (OPEN.test(route)) return { scope: undefined, isConsole: false, ...rest };
  if (LOGIN.test(route)) return { scope: undefined, isConsole: true, ...rest };
  if (CONSOLE_API.test(route)) return { scope: 'admin', isConsole: true, ...rest };
  return { scope: reads ? 'read' : 'admin', isConsole: ADMIN_PAGES.test(route), ...rest };
}

/** The demands of all routes, each looked up once. */
export class Demands {
  private readonly known = new Map<string, Map<string, Demand>>();

  /** By the route that the router has chosen, however its path was spelled; by the path where there is none. */
  of(request: Pick<FastifyRequest, 'method' | 'url' | 'is404' | 'routeOptions'>): Demand {
    const { method } = request;
    const { url: route } = request.routeOptions;
    if (route === undefined || request.is404) return demandOf(method, pathOf(request.url));
    const byRoute = this.known.get(method) ?? new Map<string, Demand>();
    const known = byRoute.get(route);
    if (known !== undefined) return known;
    const demand = demandOf(method, route);
    this.known.set(method, byRoute.set(route, demand));
    return demand;
  }
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
