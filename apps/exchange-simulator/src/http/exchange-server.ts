import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { Exchange } from '../exchange';
import type { FaultPlan } from '../faults/fault-plan';
import type { Witness } from '../witness/witness';
import type { Blocks } from './blocks';
import type { CallLimits } from './call-limits';
import { Doorkeeper, type Verdict } from './doorkeeper';
import { exchangeBody } from './exchange-body';
import type { Latency } from './latency';
import { okReply, Refused, REFUSALS, type Reply } from './reply';
import { sendReply } from './send-reply';

/** Idle connections are kept well beyond a minute, so that a client that asks every minute finds its own still open. */
const KEEP_ALIVE_MS = 75_000;

/** What the exchange's door needs. */
export interface ExchangeServerOptions {
  readonly exchange: Exchange;
  readonly witness: Witness;
  readonly limits: CallLimits;
  readonly blocks: Blocks;
  readonly faults: FaultPlan;
  readonly latency: Latency;
  readonly clock: Clock;
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

class ExchangeDoor {
  private readonly doorkeeper: Doorkeeper;

  constructor(private readonly options: ExchangeServerOptions) {
    this.doorkeeper = new Doorkeeper(options);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, faults, latency, timeOffsetMs } = this.options;
    const { path, query } = splitUrl(request.url ?? '/');
    const verdict = this.doorkeeper.judge({ request, path, query, atMs: clock.monotonicMs() });
    const { signal } = faults;
    const [beforeMs, afterMs] = latency.nextHalvesMs();
    await this.delay(beforeMs);
    // Data and Date are taken at one instant, between the halves of the delay: with a Date stamped later than the data, a reader
    // would believe a young row to be settled.
    const nowMs = clock.nowMs() + timeOffsetMs;
    const reply = this.reply(verdict, query, nowMs);
    await this.delay(afterMs);
    const remaining = verdict.kind === 'no-route' ? undefined : verdict.remaining;
    const disturbance = verdict.kind === 'admitted' ? verdict.disturbance : undefined;
    const spoiling = disturbance === undefined ? undefined : { disturbance, clock, signal };
    await sendReply({ request, response }, { reply, nowMs, remaining }, spoiling);
  }

  private reply(verdict: Verdict, query: URLSearchParams, nowMs: number): Reply {
    if (verdict.kind === 'no-route') return REFUSALS.noRoute;
    if (verdict.kind === 'refused') return verdict.reply;
    const { route } = verdict;
    try {
      const reply = okReply(exchangeBody(this.options.exchange, { route, query, nowMs }));
      return route.kind === 'orderbook-instruments' ? { ...reply, headers: SHORT_VARY } : reply;
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    }
  }

  private async delay(ms: number): Promise<void> {
    if (ms > 0) await this.options.clock.sleep(ms);
  }
}

/** One endpoint of the exchange varies by less than all others. */
const SHORT_VARY = { Vary: 'Origin' };

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark)) };
}
