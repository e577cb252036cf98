import { SystemClock, type Clock } from '@candlekeep/clock';
import { Exchange } from './exchange';
import { createExchangeServer } from './http/exchange-server';
import { openServer, type OpenServer } from './http/open-server';
import { createControlServer } from './witness/control-server';
import { Witness } from './witness/witness';

const LOOPBACK = '127.0.0.1';

/** How a simulator runs; every field has a default. */
export interface SimulatorOptions {
  /** Address of the exchange's door; default loopback. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Port of the witness, on loopback; 0: any free port; default: no such door. */
  readonly controlPort?: number | undefined;
  /** Mean delay of an answer, ms; default 0. */
  readonly latencyMs?: number;
  /** How far the exchange's clock is ahead of `clock`, ms; default 0. */
  readonly timeOffsetMs?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/** A simulator that answers. */
export interface Simulator {
  /** Base of the exchange, without `/v1`. */
  readonly url: string;
  /** Base of the witness, if it has a door. */
  readonly controlUrl: string | undefined;
  /** Stops accepting, lets running answers end, then resolves. */
  close(): Promise<void>;
}

/** Starts a simulator in this process. Throws `CannotListen` for a taken port and `UnreadableRecording` for a damaged recording. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? new SystemClock();
  const { latencyMs = 0, timeOffsetMs = 0, host = LOOPBACK, port = 0, controlPort } = options;
  const witness = new Witness();
  const exchange = new Exchange();
  const opened: OpenServer[] = [];
  const close = async (): Promise<void> => {
    for (const server of opened.toReversed()) await server.close();
  };
  try {
    const door = createExchangeServer({ exchange, witness, clock, latencyMs, timeOffsetMs });
    const main = await openServer(door, { host, port, clock, variable: 'PORT' });
    opened.push(main);
    if (controlPort === undefined) return { url: main.url, controlUrl: undefined, close };
    const where = { host: LOOPBACK, port: controlPort, clock, variable: 'CONTROL_PORT' };
    const control = await openServer(createControlServer(witness), where);
    opened.push(control);
    return { url: main.url, controlUrl: control.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
