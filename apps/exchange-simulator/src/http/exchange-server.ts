import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { Exchange } from '../exchange';
import type { Witness } from '../witness/witness';
import { CallLimits } from './call-limits';
import { candleBody } from './candle-body';
import { readCandleRequest } from './candle-request';
import { marketBody } from './market-body';
import { okReply, Refused, REFUSALS, type Reply } from './reply';
import { findRoute, groupOf, type Route } from './route';
import { sendReply } from './send-reply';

/** Idle connections are kept well beyond a minute, so that a client that asks every minute finds its own still open. */
const KEEP_ALIVE_MS = 75_000;

/** What the exchange's door needs. */
export interface ExchangeServerOptions {
  readonly exchange: Exchange;
  readonly witness: Witness;
  readonly clock: Clock;
  /** Mean delay of an answer, ms; single delays lie between none and twice the mean. */
  readonly latencyMs: number;
  /** How far the exchange's clock is ahead of `clock`, ms. */
  readonly timeOffsetMs: number;
}

/** The exchange's HTTP door. Not listening yet. */
export function createExchangeServer(options: ExchangeServerOptions): Server {
  const door = new ExchangeDoor(options);
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    door.answer(request, response).catch((error: unknown) => {
      const cause = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`the exchange simulator could not answer ${request.url}: ${cause}\n`);
      response.destroy();
    });
  });
}

/** A call after the limit has judged it. */
type Verdict =
  | { readonly kind: 'no-route' }
  | { readonly kind: 'over-limit'; readonly remaining: string }
  | { readonly kind: 'admitted'; readonly remaining: string; readonly route: Route };

class ExchangeDoor {
  private readonly limits = new CallLimits();

  constructor(private readonly options: ExchangeServerOptions) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = this.options.clock.monotonicMs();
    const { path, query } = splitUrl(request.url ?? '/');
    const verdict = this.judge(request, path, atMs);
    await this.delay();
    // Data and Date are taken at one instant, between the halves of the delay: with a Date stamped later than the data, a reader
    // would believe a young row to be settled.
    const nowMs = this.options.clock.nowMs() + this.options.timeOffsetMs;
    const reply = this.reply(verdict, new URLSearchParams(query), nowMs);
    await this.delay();
    const remaining = verdict.kind === 'no-route' ? undefined : verdict.remaining;
    await sendReply({ request, response }, { reply, nowMs, remaining });
  }

  /** Stamps the call on receipt, counts it and lets the limit judge it. A path without a route falls under no limit. */
  private judge(request: IncomingMessage, path: string, atMs: number): Verdict {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const route = isRead ? findRoute(path) : undefined;
    const address = request.socket.remoteAddress ?? 'unknown';
    const call = { address, url: request.url ?? '/', atMs };
    if (route === undefined) {
      this.options.witness.see({ ...call, group: 'none', isRejected: false });
      return { kind: 'no-route' };
    }
    const group = request.headers.origin === undefined ? groupOf(route) : 'origin';
    const { isAdmitted, remaining } = this.limits.admit(address, group, atMs);
    this.options.witness.see({ ...call, group, isRejected: !isAdmitted });
    return isAdmitted ? { kind: 'admitted', remaining, route } : { kind: 'over-limit', remaining };
  }

  private reply(verdict: Verdict, query: URLSearchParams, nowMs: number): Reply {
    if (verdict.kind === 'no-route') return REFUSALS.noRoute;
    if (verdict.kind === 'over-limit') return REFUSALS.overLimit;
    try {
      return okReply(this.body(verdict.route, query, nowMs));
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    }
  }

  private body(route: Route, query: URLSearchParams, nowMs: number): string {
    const { exchange } = this.options;
    if (route.kind === 'markets') return marketBody(exchange.markets, query);
    const request = readCandleRequest(route, query, (text) => exchange.findMarket(text));
    return candleBody(exchange.candles(request, nowMs), request);
  }

  /** Half of the latency, evenly spread from none to twice its mean. */
  private async delay(): Promise<void> {
    const { clock, latencyMs } = this.options;
    if (latencyMs > 0) await clock.sleep(latencyMs * clock.random());
  }
}

function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark) };
}
