import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';

/** Running answers get this long to end when a server closes. */
const CLOSE_DEADLINE_MS = 2_000;

/** The address cannot be used. */
export class CannotListen extends CandlekeepError {
  readonly code = 'CANNOT_LISTEN';
  readonly retryable = false;
}

/** Where a server is to listen. */
export interface Where {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** The environment variable that sets the port, for the error message. */
  readonly variable: string;
}

/** A server that listens. */
export interface OpenServer {
  readonly url: string;
  /** Stops accepting and waits for running answers, at most two seconds; then cuts them. */
  close(): Promise<void>;
}

/** Makes a server listen. Throws {@link CannotListen} when the port is taken or not allowed. */
export async function openServer(server: Server, where: Where): Promise<OpenServer> {
  const { host, port, variable } = where;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new CannotListen(
      `the exchange simulator cannot listen on ${host}:${port} (${String(cause)}); stop the program that does, or set ${variable} to another port`,
      { cause },
    );
  }
  return { url: `http://${host}:${portOf(server)}`, close: () => closeServer(server, where.clock) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server, clock: Clock): Promise<void> {
  const closed = once(server, 'close');
  const inTime = new AbortController();
  const cutLate = clock.sleep(CLOSE_DEADLINE_MS, inTime.signal).then(
    () => {
      server.closeAllConnections();
    },
    () => undefined,
  );
  server.close();
  await closed;
  inTime.abort();
  await cutLate;
}
