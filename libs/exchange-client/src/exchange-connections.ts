import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';

/** What sends a request, as axios expects it. */
export interface RequestSender {
  request(
    options: https.RequestOptions,
    onResponse: (response: IncomingMessage) => void,
  ): ClientRequest;
}

/**
 * Kept connections to the exchange, which are reset, not closed, when a call is given up. After a close the kernel goes on
 * delivering what was written, for minutes if it must: a request given up in a dead network would arrive when the network is back,
 * long after its permit has ended. A reset drops it.
 */
export class ExchangeConnections {
  // No maxSockets: a call that waits for a socket inside the agent would use up its permit's time.
  readonly httpAgent = new http.Agent({ keepAlive: true });
  readonly httpsAgent: TlsAgent;

  /** `trust`: what TLS goes by. Default: the authorities that come with Node. */
  constructor(trust: SecureContextOptions = {}) {
    this.httpsAgent = new TlsAgent({ keepAlive: true, ...trust });
  }

  /** Sends one request, whose connection is reset as soon as `signal` aborts: before axios hears of that and closes it. */
  sendUntil(signal: AbortSignal): RequestSender {
    let sent: ClientRequest | undefined;
    const reset = () => {
      if (sent?.socket) resetConnection(this.httpsAgent.tcpOf(sent.socket));
    };
    signal.addEventListener('abort', reset, { once: true });
    return {
      request: (options, onResponse) => {
        const { request } = options.protocol === 'https:' ? https : http;
        sent = request(options, onResponse);
        // A request closes before its connection can serve the next one.
        sent.once('close', () => {
          signal.removeEventListener('abort', reset);
        });
        return sent;
      },
    };
  }

  /** Ends all kept connections; calls under way fail. */
  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }
}

/** TLS over TCP sockets of its own: Node resets no TLS socket, and hides the TCP socket underneath one that it has opened itself. */
class TlsAgent extends https.Agent {
  private readonly carriers = new WeakMap<Duplex, net.Socket>();

  override createConnection(options: https.RequestOptions): Duplex | null | undefined {
    const carrier = new net.Socket();
    const overCarrier = { ...options, socket: carrier };
    const secured = super.createConnection(overCarrier);
    if (secured) this.carriers.set(secured, carrier);
    carrier.setNoDelay(true);
    carrier.connect({ host: options.host ?? 'localhost', port: Number(options.port ?? 443) });
    return secured;
  }

  /** The TCP socket underneath, or the given one when it is none of this agent's. */
  tcpOf(socket: net.Socket): net.Socket {
    return this.carriers.get(socket) ?? socket;
  }
}

/** A connection that is not there yet has sent nothing; resetting it would wait for it to come about. */
function resetConnection(socket: net.Socket): void {
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
