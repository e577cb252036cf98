import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@candlekeep/clock';
import { DrainingServer } from './draining-server';
import type { Closable } from './process-lifecycle';

/** A further address at which an application answers. */
export interface SideDoorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Last touches before it opens. */
  readonly prepare?: (server: Server) => void;
}

export interface SideDoor extends Closable {
  /** `http://host:port` */
  readonly url: string;
}

export interface SideDoorParts {
  readonly answer: RequestListener;
  readonly limits: ServerOptions;
  readonly clock: Clock;
}

/** Listens there as well. Rejects with Node.js' own error when the port is taken. */
export async function openSideDoor(
  { host, port, prepare }: SideDoorOptions,
  { answer, limits, clock }: SideDoorParts,
): Promise<SideDoor> {
  const server = createServer(limits, answer);
  prepare?.(server);
  await listen(server, host, port);
  const draining = new DrainingServer(server, () => stopListening(server), clock);
  return { url: urlOf(server.address()), close: () => draining.close() };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function stopListening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return String(address);
  const { address: host, family, port } = address;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}
