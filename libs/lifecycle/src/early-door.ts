import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { readinessOf, type ReadinessParts } from './readiness';

const RETRY_AFTER_S = 1;

/**
 * What answers at a process' address while its parts are still opened: alive, not ready, and why. Its place is given to the door by
 * `release`, which stops listening at once; a connection that comes before the door listens is refused, as before the process.
 */
export class EarlyDoor {
  private constructor(private readonly server: Server) {}

  /** Nobody knows a port that is chosen by the system: then nothing is opened. Rejects when the port is taken. */
  static async open(
    { host, port }: { readonly host: string; readonly port: number | undefined },
    parts: Omit<ReadinessParts, 'checks'>,
  ): Promise<EarlyDoor> {
    const server = createServer((request, response) => {
      response.setHeader('Connection', 'close');
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      if (request.url === '/health/live') {
        response.end('{"status":"ok"}');
        return;
      }
      response.writeHead(503, { 'Retry-After': RETRY_AFTER_S });
      void readinessOf({ ...parts, checks: {} }).then((readiness) => {
        response.end(JSON.stringify(readiness));
      });
    });
    if (port !== undefined && port !== 0) {
      server.listen(port, host);
      await once(server, 'listening');
    }
    return new EarlyDoor(server);
  }

  /** Gives the port free. Doing it twice is harmless. */
  release(): void {
    if (this.server.listening) this.server.close();
    this.server.closeAllConnections();
  }
}
