import { SystemClock } from '@candlekeep/clock';
import { House } from '../house';
import { type ClientCall, ClientProcess, type Outcome } from './client-process';
import { RotatingProxy } from './rotating-proxy';

/** A little more than the age that the gateway's newest row may have: clients cannot send `Cache-Control`. */
const STALE_AFTER_MS = 1_050;
/** An address whose budget nobody else spends. */
const BURST_ADDRESS = '127.0.2.1';
const clock = new SystemClock();

/** One method of the client with its arguments. */
export type Call = readonly [method: string, ...args: unknown[]];

/** One call's outcome at the exchange, then at the gateway (of a later moment than that), then at the exchange again. */
export interface Sandwich {
  readonly call: Call;
  readonly before: unknown;
  readonly ours: unknown;
  readonly after: unknown;
}

/** The product and the exchange behind it, both asked by the same unmodified client. */
export class SideBySide {
  private constructor(
    readonly house: House,
    private readonly client: 'ccxt' | 'upbit-client',
    private readonly clients: ClientProcess,
    private readonly exchange: RotatingProxy,
  ) {}

  static async start(options: {
    readonly client: 'ccxt' | 'upbit-client';
    readonly redisDatabase: number;
  }): Promise<SideBySide> {
    const house = await House.start(options);
    try {
      const exchange = await RotatingProxy.start(house.simulator.url());
      return new SideBySide(house, options.client, await ClientProcess.start(), exchange);
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.clients.stop();
    await this.exchange.close();
    await this.house.close();
  }

  /** Calls with the gateway as the exchange. */
  async ours(call: Call): Promise<Outcome> {
    return await this.callAt(this.house.gateways[0]!.url(), call);
  }

  /** Calls with the exchange itself. */
  async theirs(call: Call): Promise<Outcome> {
    return await this.callAt(this.exchange.url, call);
  }

  /** Calls with the exchange itself from one address, all at once, so that it loses its patience. */
  async theirsInBurst(times: number, call: Call): Promise<Outcome[]> {
    const impatient = await RotatingProxy.start(this.house.simulator.url(), [BURST_ADDRESS]);
    try {
      const calls = Array.from({ length: times }, () => this.callAt(impatient.url, call));
      return await Promise.all(calls);
    } finally {
      await impatient.close();
    }
  }

  /** Puts calls that must return to both sides, all at once. */
  async sandwiches(calls: readonly Call[]): Promise<Sandwich[]> {
    const before = await this.valuesOf(calls, (call) => this.theirs(call));
    await clock.sleep(STALE_AFTER_MS);
    const ours = await this.valuesOf(calls, (call) => this.ours(call));
    const after = await this.valuesOf(calls, (call) => this.theirs(call));
    return calls.map((call, i) => ({ call, before: before[i], ours: ours[i], after: after[i] }));
  }

  private async callAt(rest: string, [method, ...args]: Call): Promise<Outcome> {
    const call: ClientCall = { client: this.client, site: { rest }, method, args };
    return await this.clients.call(call);
  }

  private async valuesOf(
    calls: readonly Call[],
    ask: (call: Call) => Promise<Outcome>,
  ): Promise<unknown[]> {
    const outcomes = await Promise.all(calls.map(ask));
    return outcomes.map((outcome, i) => {
      if (outcome.kind === 'returned') return outcome.value;
      throw new Error(`${JSON.stringify(calls[i])} threw ${JSON.stringify(outcome.thrown)}`);
    });
  }
}
