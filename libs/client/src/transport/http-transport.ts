import {
  Agent as HttpAgent,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ClientSettings } from '../client-options';
import { onAbort } from '../on-abort';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  /** From `/api` on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

/** The way to the gateway: connections that are kept alive, one question each at a time. */
export class HttpTransport {
  private readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;
  private readonly prefix: string;
  /** Hidden from whoever prints it: the key is in it. */
  readonly #settings: Pick<ClientSettings, 'baseUrl' | 'headers'>;

  constructor(settings: Pick<ClientSettings, 'baseUrl' | 'headers'>) {
    this.#settings = settings;
    const { protocol, pathname } = settings.baseUrl;
    const isSecure = protocol === 'https:';
    this.agent = isSecure
      ? new HttpsAgent({ keepAlive: true })
      : new HttpAgent({ keepAlive: true });
    this.send = isSecure ? httpsRequest : httpRequest;
    this.prefix = pathname.replace(/\/+$/, '');
  }

  /** Where the questions go, for messages. */
  get origin(): string {
    return this.#settings.baseUrl.origin;
  }

  /** Resolves when the head of the answer is here, whatever its status; rejects with Node.js' error. */
  async ask(question: HttpQuestion, signal: AbortSignal): Promise<IncomingMessage> {
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const request = this.send(this.#settings.baseUrl, this.optionsOf(question));
      // Node.js' own `signal` destroys with an error, which nobody hears in the moment between the last byte and its reading.
      request.on(
        'close',
        onAbort(signal, () => request.destroy()),
      );
      request.on('error', reject);
      request.on('response', (response) => {
        // An answer that is left half read breaks, and nobody is there to be told.
        response.on('error', () => undefined);
        resolve(response);
      });
      request.end(question.body);
    });
  }

  /** Cuts every connection. */
  close(): void {
    this.agent.destroy();
  }

  private optionsOf({ method, path, headers, body }: HttpQuestion): RequestOptions {
    const ofBody = body === undefined ? {} : describe(body);
    return {
      ...{ method, path: this.prefix + path, agent: this.agent },
      headers: { ...this.#settings.headers, ...headers, ...ofBody },
    };
  }
}

/** All of an answer's body; rejects when the connection breaks before its end. */
export async function readBody(response: IncomingMessage): Promise<string> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

function describe(body: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}
