import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import { type RawData, WebSocket } from 'ws';
import { ExchangeUnavailable } from './exchange-error';
import { findRefusal } from './refusal';

export interface StreamConnectionOptions {
  readonly url: string;
  readonly userAgent: string;
  /** The one message that is sent, as soon as the connection is open. */
  readonly request: string;
  readonly clock: Clock;
  /** Called once, when the request has been handed to the socket. */
  readonly onOpen: () => void;
  /** Called for each message, in the order of receipt. What it throws ends the connection. */
  readonly onMessage: (bytes: Buffer) => void;
}

/** For name, TCP, TLS and upgrade together. */
const CONNECT_WITHIN_MS = 10_000;
/** The exchange was seen to close a connection after 60.5 s without a word of ours. */
const PING_EVERY_MS = 30_000;
/** Longer without a pong means that nobody is there any more, whatever TCP still believes. */
const PONG_WITHIN_MS = 10_000;
/** For the goodbye, before the socket is destroyed. */
const CLOSE_WITHIN_MS = 1_000;
/** The largest frame known is an order book of 3 KB. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Enough of a refusal's body to read how long a block lasts. */
const MAX_REFUSAL_BYTES = 4_096;

/** One WebSocket from connect to close: no Origin, no compression, no redirect, no second try. */
export class StreamConnection {
  private readonly over = new AbortController();
  private hasLeft = false;
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly options: StreamConnectionOptions) {}

  /**
   * Resolves when `signal` has ended the connection, its socket closed. Rejects with a refusal of the upgrade, with
   * {@link ExchangeUnavailable} for a connection that failed, ended or fell silent to pings, or with what `onMessage` threw.
   */
  async hold(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const socket = this.openSocket();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const leave = (): void => {
      this.leave(socket);
    };
    signal.addEventListener('abort', leave);
    this.endUnlessOpened(socket);
    const code = await closed;
    signal.removeEventListener('abort', leave);
    this.over.abort();
    if (this.hasLeft) return;
    throw this.failure === undefined ? lost(`it closed with code ${code}`) : this.failure.error;
  }

  private openSocket(): WebSocket {
    const { url, userAgent, request, onOpen, onMessage } = this.options;
    const socket = new WebSocket(url, {
      headers: { 'User-Agent': userAgent },
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    socket.on('open', () => {
      this.guard(socket, () => {
        socket.send(request);
        onOpen();
      });
      this.endWithoutPong(socket);
    });
    socket.on('message', (data) => {
      this.guard(socket, () => {
        onMessage(bytesOf(data));
      });
    });
    socket.on('unexpected-response', (_request, response) => {
      void this.endRefused(socket, response);
    });
    socket.on('error', (error) => {
      this.failure ??= { error: lost(reasonOf(error), error) };
    });
    return socket;
  }

  /** A socket that is being ended may still hand on what it had read: nobody hears of it. */
  private guard(socket: WebSocket, act: () => void): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    try {
      act();
    } catch (error) {
      this.end(socket, error);
    }
  }

  private leave(socket: WebSocket): void {
    // What failed before stays the reason: an error of a callback must not get lost in a goodbye.
    this.hasLeft = this.failure === undefined;
    if (socket.readyState !== WebSocket.OPEN) {
      socket.terminate();
      return;
    }
    socket.close(1000);
    this.after(CLOSE_WITHIN_MS, () => {
      socket.terminate();
    });
  }

  private end(socket: WebSocket, error: unknown): void {
    this.failure ??= { error };
    socket.terminate();
  }

  private endUnlessOpened(socket: WebSocket): void {
    this.after(CONNECT_WITHIN_MS, () => {
      if (socket.readyState !== WebSocket.CONNECTING) return;
      this.end(socket, lost(`it did not open within ${CONNECT_WITHIN_MS} ms`));
    });
  }

  private after(ms: number, act: () => void): void {
    this.options.clock.sleep(ms, this.over.signal).then(act, () => undefined);
  }

  private endWithoutPong(socket: WebSocket): void {
    untilNoPong(socket, this.options.clock, this.over.signal).then(
      () => {
        this.end(socket, lost(`no pong came within ${PONG_WITHIN_MS} ms`));
      },
      () => undefined,
    );
  }

  private async endRefused(socket: WebSocket, response: IncomingMessage): Promise<void> {
    try {
      this.end(socket, await refusalOf(response, this.options.url));
    } catch (error) {
      this.end(socket, lost('the refusal of the upgrade broke off', error));
    }
  }
}

/** Resolves when a ping stays without a pong; rejects when `signal` aborts. */
async function untilNoPong(socket: WebSocket, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(PING_EVERY_MS, signal);
    const pong = once(socket, 'pong', { signal }).then(() => true);
    socket.ping();
    const late = clock.sleep(PONG_WITHIN_MS, signal).then(() => false);
    if (!(await Promise.race([pong, late]))) return;
  }
}

async function refusalOf(response: IncomingMessage, url: string): Promise<Error> {
  const status = response.statusCode ?? 0;
  const header = (name: string): string | undefined => {
    const value = response.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const body = await textOf(response);
  const refusal = findRefusal({ target: new URL(url).pathname, status, header, body });
  return refusal ?? lost(`the upgrade was answered with status ${status}`);
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > MAX_REFUSAL_BYTES) break;
  }
  return text.slice(0, MAX_REFUSAL_BYTES);
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** A host with several addresses fails with an error that has a code and no message. */
function reasonOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

function lost(reason: string, cause?: unknown): ExchangeUnavailable {
  return new ExchangeUnavailable(
    `the exchange's stream has no connection (${reason}): a new one is tried by itself`,
    cause === undefined ? {} : { cause },
  );
}
