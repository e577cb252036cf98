import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HttpAnswer } from '../http-get';
import type { FuzzRequest } from './fuzz-request';

const WITHIN_MS = 15_000;
/** What a stream of events or a page has said by then is enough. */
const LISTEN_MS = 50;

/** Sends requests over connections that are kept, as real clients do. */
export class FuzzDoor {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param url of a gateway, without a slash at its end */
  constructor(readonly url: string) {}

  /** Rejects when the connection breaks or nothing comes. */
  async ask({ method, path, headers, body }: FuzzRequest): Promise<HttpAnswer> {
    const { hostname, port } = new URL(this.url);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { hostname, port, method, path, agent: this.agent, timeout: WITHIN_MS };
    return await new Promise((resolve, reject) => {
      const sent = request({ ...options, headers: { ...headers, ...length } });
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${WITHIN_MS} ms`)));
      sent.on('response', (response) => {
        bodyOf(response).then((said) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said });
        }, reject);
      });
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Streams of events never end by themselves. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  if (!String(response.headers['content-type']).startsWith('text/event-stream')) {
    return await text(response);
  }
  response.on('error', () => undefined);
  await new Promise((resolve) => {
    response.once('data', resolve);
    response.once('close', resolve);
    AbortSignal.timeout(LISTEN_MS).addEventListener('abort', resolve);
  });
  response.destroy();
  return '';
}
