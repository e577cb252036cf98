import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { openPrincipal, type Quotas } from '@candlekeep/access';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpbitRefusal } from '../upbit-refusal';
import type { Caller, Callers } from './callers';
import { type Demand, Demands, isReading } from './demand';
import { type GateRefusal, gateRefusals, sendGateRefusal } from './gate-refusal';
import { refusalOfPage, refusalWithoutKey } from './keyless';
import { stripKey } from './query-key';
import { rateLimitHeaders } from './rate-limit-headers';
import { isFromOwnPage } from './same-origin';
import type { SecurityHeaders } from './security-headers';

export interface GateParts {
  readonly callers: Callers;
  readonly quotas: Quotas;
  readonly headers: SecurityHeaders;
  readonly rules: GateRules;
}

export interface GateRules {
  /** Whether questions take a key. */
  readonly wantsKeys: boolean;
  /** Whether nobody but this machine can come, by either door. */
  readonly isLocal: { readonly main: boolean; readonly admin: boolean };
  /** Whether the administration has a door of its own. */
  readonly hasAdminDoor: boolean;
}

/** Longer than any question that is understood. */
const MOST_URL_CHARACTERS = 8_192;
const EVERYBODY: Caller = { principal: openPrincipal('read', 'admin') };

/**
 * Stands before everything that answers: finds out who asks, and whether that is allowed, within its quota, and meant. A request that
 * shows a key is judged without asking any server; only the session of a person is looked up.
 */
export class Gate {
  private readonly demands = new Demands();
  private readonly adminSockets = new WeakSet<Socket>();

  constructor(private readonly parts: GateParts) {}

  /** Has every request of an application come through here, whichever route it takes. */
  attach(app: NestFastifyApplication): void {
    const server = app.getHttpAdapter().getInstance();
    server.decorateRequest('principal');
    server.decorateRequest('allowance');
    server.addHook('onRequest', (request, reply, done) => {
      this.judge(request, reply, done);
    });
  }

  /** What comes by this server comes by the administration's own door. */
  watchAdminDoor(server: Server): void {
    server.on('connection', (socket) => this.adminSockets.add(socket));
  }

  /** Why a program may not follow the stream; undefined for one that may. */
  refusalOfUpgrade({ headers, url = '' }: IncomingMessage): UpbitRefusal | undefined {
    const { wantsKeys, isLocal } = this.parts.rules;
    const caller = this.parts.callers.ofUpgrade(headers.authorization, stripKey(url).key);
    if (caller.principal.scopes.includes('read')) return undefined;
    const objection = isLocal.main ? refusalOfPage(headers) : undefined;
    const refusal = wantsKeys ? refusalOfCaller(caller) : objection;
    if (refusal === undefined) return undefined;
    return new UpbitRefusal(refusal.status, refusal.detail, refusal.exchangeName);
  }

  private judge(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const demand = this.demands.of(request);
    void reply.headers(demand.isPage ? this.parts.headers.pages : this.parts.headers.answers);
    const refusal = this.refuseUnseen(request, demand);
    if (refusal !== undefined) {
      request.principal = openPrincipal();
      sendGateRefusal(reply, refusal);
      return;
    }
    const pass: Pass = { request, reply, demand, done };
    const caller = this.parts.callers.of(request);
    if (caller instanceof Promise) {
      caller.then((found) => {
        this.admit(found, pass);
      }, done);
    } else this.admit(caller, pass);
  }

  /** What is refused whoever asks. */
  private refuseUnseen(request: FastifyRequest, demand: Demand): GateRefusal | undefined {
    const { url } = request;
    if (url.length > MOST_URL_CHARACTERS) return gateRefusals.urlTooLong(MOST_URL_CHARACTERS);
    const isForAdmins = demand.isConsole || demand.scope === 'admin';
    if (!isForAdmins || !this.parts.rules.hasAdminDoor) return undefined;
    return this.cameByAdminDoor(request) ? undefined : gateRefusals.elsewhere(url);
  }

  private admit(shown: Caller, pass: Pass): void {
    const { request, reply, demand, done } = pass;
    const caller = this.isOpenTo(shown, pass) ? EVERYBODY : shown;
    request.principal = caller.principal;
    if (demand.scope === undefined) {
      done();
      return;
    }
    const refusal = this.refusalFor(caller, pass);
    if (refusal === undefined) this.pay(caller, pass);
    else if (refusal.status === 401 && isDashboard(request)) {
      void reply.header('cache-control', 'no-store').redirect('/admin/login', 303);
    } else sendGateRefusal(reply, refusal);
  }

  /** Where no key is asked for, whoever shows none that is good may do everything, except administer from afar. */
  private isOpenTo({ principal }: Caller, { request, demand }: Pass): boolean {
    if (this.parts.rules.wantsKeys || principal.kind !== 'open') return false;
    return !demand.isConsole || this.cameByLocalDoor(request);
  }

  private refusalFor(caller: Caller, { request, demand }: Pass): GateRefusal | undefined {
    const { principal } = caller;
    const { scope } = demand;
    if (scope === undefined) return undefined;
    if (!principal.scopes.includes(scope)) return refusalOfCaller(caller);
    if (principal.kind === 'session' && !isReading(request.method)) {
      return isFromOwnPage(request) ? undefined : gateRefusals.forged();
    }
    if (principal.kind !== 'open' || demand.isPublic) return undefined;
    return refusalWithoutKey({ request, demand, isLocalDoor: this.cameByLocalDoor(request) });
  }

  /** Only programs are counted: people and whoever shows no key have no quota. */
  private pay({ holder }: Caller, { request, reply, done }: Pass): void {
    if (holder === undefined) {
      done();
      return;
    }
    const { allowance, quota } = this.parts.quotas.of(holder);
    const settle = (admission: Awaited<ReturnType<typeof allowance.admit>>): void => {
      void reply.headers(rateLimitHeaders(quota, allowance.standing()));
      if (admission.kind === 'granted') {
        request.allowance = allowance;
        done();
      } else {
        sendGateRefusal(reply, gateRefusals.quotaSpent(Math.ceil(admission.retryAfterMs / 1_000)));
      }
    };
    const admission = allowance.admit();
    if (admission instanceof Promise) admission.then(settle, done);
    else settle(admission);
  }

  private cameByLocalDoor(request: FastifyRequest): boolean {
    const { isLocal } = this.parts.rules;
    return this.cameByAdminDoor(request) ? isLocal.admin : isLocal.main;
  }

  private cameByAdminDoor({ raw }: FastifyRequest): boolean {
    return this.parts.rules.hasAdminDoor && this.adminSockets.has(raw.socket);
  }
}

/** One request on its way through. */
interface Pass {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly demand: Demand;
  readonly done: (error?: Error) => void;
}

/** Why somebody without the scope that is needed is refused. */
function refusalOfCaller({ principal, objection }: Caller): GateRefusal {
  if (principal.kind !== 'open') return gateRefusals.lacksScope();
  if (objection === 'query key') return gateRefusals.queryKey();
  return objection === undefined ? gateRefusals.noKey() : gateRefusals.wrongKey();
}

/** A person who opens the dashboard is shown where to log in; everything below it is refused plainly. */
function isDashboard({ method, url, headers }: FastifyRequest): boolean {
  const isHtml = headers.accept?.includes('text/html') === true;
  return method === 'GET' && isHtml && /^\/admin\/?(?:\?|$)/.test(url);
}
