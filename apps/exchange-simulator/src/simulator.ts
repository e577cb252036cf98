import { SystemClock, type Clock } from '@candlekeep/clock';
import type { Controlled } from './control/control-routes';
import { createControlServer } from './control/control-server';
import { Exchange } from './exchange';
import { faultKinds } from './faults/fault-kinds';
import { FaultPlan } from './faults/fault-plan';
import { Blocks } from './http/blocks';
import { CallLimits } from './http/call-limits';
import { createExchangeServer, type ExchangeServerOptions } from './http/exchange-server';
import { Latency, type LatencyProfile } from './http/latency';
import { openServer, type OpenServer } from './http/open-server';
import { StreamFaults } from './stream/stream-faults';
import { StreamServer } from './stream/stream-server';
import { Witness } from './witness/witness';

const LOOPBACK = '127.0.0.1';

/** How a simulator runs; every field has a default. */
export interface SimulatorOptions {
  /** Address of the exchange's door; default loopback. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Port of the control door, on loopback; 0: any free port; default: no such door. */
  readonly controlPort?: number | undefined;
  /** Mean delay of an answer, ms; default 0. */
  readonly latencyMs?: number;
  /** Takes the place of `latencyMs` unless it is `none`, the default. */
  readonly latencyProfile?: LatencyProfile;
  /** Equal seeds give equal delays of a profile; default `latency`. */
  readonly latencySeed?: string;
  /** How far the exchange's clock is ahead of `clock`, ms; default 0. */
  readonly timeOffsetMs?: number;
  /** A stream without a message in either direction is cut after so many ms; default 60,500. */
  readonly streamIdleMs?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/** A simulator that answers. */
export interface Simulator {
  /** Base of the exchange, without `/v1`. */
  readonly url: string;
  /** Base of the control door, if there is one. */
  readonly controlUrl: string | undefined;
  /** Stops accepting, lets running answers end, then resolves. */
  close(): Promise<void>;
}

/** Starts a simulator in this process. Throws `CannotListen` for a taken port and `UnreadableRecording` for a damaged recording. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const parts = partsOf(options);
  const { clock, faults } = parts;
  const { host = LOOPBACK, port = 0, controlPort } = options;
  const stream = new StreamServer({ ...parts, idleMs: options.streamIdleMs });
  const opened: OpenServer[] = [];
  const close = async (): Promise<void> => {
    faults.clear();
    stream.close();
    for (const server of opened.toReversed()) await server.close();
  };
  try {
    const door = createExchangeServer(parts);
    stream.attach(door);
    const main = await openServer(door, { host, port, clock, variable: 'PORT' });
    opened.push(main);
    if (controlPort === undefined) return { url: main.url, controlUrl: undefined, close };
    const where = { host: LOOPBACK, port: controlPort, clock, variable: 'CONTROL_PORT' };
    const control = await openServer(createControlServer(parts), where);
    opened.push(control);
    return { url: main.url, controlUrl: control.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything that the doors share. */
function partsOf({
  clock = new SystemClock(),
  latencyMs: meanMs = 0,
  latencyProfile: profile = 'none',
  latencySeed: seed = 'latency',
  timeOffsetMs = 0,
}: SimulatorOptions): ExchangeServerOptions & Controlled & { readonly streamFaults: StreamFaults } {
  const exchange = new Exchange();
  const blocks = new Blocks();
  const streamFaults = new StreamFaults();
  return {
    exchange,
    markets: exchange.list,
    witness: new Witness(clock),
    limits: new CallLimits(),
    blocks,
    streamFaults,
    faults: new FaultPlan(clock),
    faultKinds: faultKinds({ blocks, streamFaults }),
    latency: new Latency({ profile, meanMs, seed }, clock),
    clock,
    timeOffsetMs,
  };
}
