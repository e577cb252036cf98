import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenFailure } from './listen-failure';
import { type Readiness, readinessOf, type ReadinessParts } from './readiness';

const RETRY_AFTER_S = 1;

/** The words of a refusal in the dialect of whoever was asked; its status is 503. */
export type EarlyRefusal = (
  url: string,
  reason: string,
) => { readonly type: string; readonly body: string };

export interface EarlyDoorOptions {
  readonly host: string;
  /** Nobody knows a port that is chosen by the system: with 0, or without one, nothing is opened. */
  readonly port: number | undefined;
  /** Answers what does not ask for health; default: as `/health/ready`. */
  readonly refuse?: EarlyRefusal | undefined;
}

/**
 * What answers at a process' address while its parts are still opened: alive, not ready, and why. Its place is given to the door by
 * `release`, which stops listening at once; a connection that comes before the door listens is refused, as before the process.
 */
export class EarlyDoor {
  private constructor(private readonly server: Server) {}

  /** Rejects with one clear error when the port is taken. */
  static async open(
    { host, port, refuse }: EarlyDoorOptions,
    parts: Omit<ReadinessParts, 'checks'>,
  ): Promise<EarlyDoor> {
    const server = createServer((request, response) => {
      void readinessOf({ ...parts, checks: {} }).then((readiness) => {
        answer(request, response, { readiness, refuse });
      });
    });
    if (port !== undefined && port !== 0) {
      server.listen(port, host);
      await once(server, 'listening').catch((error: unknown) => {
        throw listenFailure(error, { host, port, variable: 'PORT' });
      });
    }
    return new EarlyDoor(server);
  }

  /** Gives the port free. Doing it twice is harmless. */
  release(): void {
    if (this.server.listening) this.server.close();
    this.server.closeAllConnections();
  }
}

interface Standing {
  readonly readiness: Readiness;
  readonly refuse: EarlyRefusal | undefined;
}

function answer(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  { readiness, refuse }: Standing,
): void {
  const [path = ''] = url.split('?');
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (path === '/health/live') {
    response.end('{"status":"ok"}');
    return;
  }
  response.statusCode = 503;
  response.setHeader('Retry-After', RETRY_AFTER_S);
  if (path === '/health/ready' || refuse === undefined) {
    response.end(JSON.stringify(readiness));
    return;
  }
  const reason = `This process has only begun (${readiness.reasons.join('; ')}): ask again soon.`;
  const { type, body } = refuse(url, reason);
  response.setHeader('Content-Type', type);
  response.end(body);
}
