import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { findJson, isList, isRecord } from '../src/json-value';
import { type AskedItem, candlesBody, csvOf, problem } from './contract-candles';

/** A request as the gateway saw it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Intervention = (response: ServerResponse, asked: Asked) => void;

/** A real HTTP server that speaks the gateway's native API over invented minutes: minute `k` costs k. */
export class ContractGateway {
  readonly asked: Asked[] = [];
  /** Streams of events that are open, oldest first. */
  readonly streams: ServerResponse[] = [];
  private servedFrom = 'l1';
  private readonly interventions: Intervention[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  static async start(port = 0): Promise<ContractGateway> {
    const gateway = new ContractGateway();
    gateway.server.listen(port, '127.0.0.1');
    await once(gateway.server, 'listening');
    return gateway;
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Paths asked so far, without their parameters. */
  get paths(): string[] {
    return this.asked.map(({ method, url }) => `${method} ${url.pathname}`);
  }

  /** The next request is answered so, and not by the contract. */
  intervene(...interventions: readonly Intervention[]): void {
    this.interventions.push(...interventions);
  }

  /** Says in `Cache-Status` from now on that answers come from there; bodies go on saying where they were made. */
  serveFrom(source: string): void {
    this.servedFrom = source;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers, url = '' } = request;
    const body = await text(request);
    const asked = { method, url: new URL(url, 'http://gateway'), headers, body };
    this.asked.push(asked);
    const intervention = this.interventions.shift();
    if (intervention === undefined) this.answer(asked, response);
    else intervention(response, asked);
  }

  /** Answers by the contract, where an intervention wants to do so after all. */
  answer({ url, body }: Asked, response: ServerResponse): void {
    const parameters = Object.fromEntries(url.searchParams);
    if (url.pathname === '/api/candles/batch') answerBatch(response, body);
    else if (url.pathname === '/api/stream') this.openStream(response);
    else if (url.pathname === '/api/markets') sendJson(response, MARKETS);
    else if (parameters.from !== undefined) sendCsv(response, parameters);
    else this.sendCandles(response, parameters);
  }

  private sendCandles(response: ServerResponse, parameters: Record<string, string>): void {
    const { status, value } = candlesBody(itemOf(parameters));
    response.setHeader('cache-status', `candlekeep; hit; detail=${this.servedFrom}`);
    sendJson(response, value, status);
  }

  private openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 20\n\n');
    this.streams.push(response);
    response.on('close', () => this.streams.splice(this.streams.indexOf(response), 1));
  }
}

/** Answers 503 or the like, as the gateway does. */
export function refuseWith(status: number, headers: Record<string, string> = {}): Intervention {
  return (response) => {
    response.writeHead(status, { ...headers, 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem(status, 'It cannot be had now.')));
  };
}

/** Cuts the connection without an answer. */
export const cutOff: Intervention = (response) => {
  response.destroy();
};

/** Takes the question and says nothing. */
export const saysNothing: Intervention = () => undefined;

const MARKETS = [{ market: 'KRW-BTC', koreanName: '비트코인', englishName: 'Bitcoin' }];

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function itemOf({ count, to, columns, ...rest }: Record<string, string>): AskedItem {
  return {
    ...rest,
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(to === undefined ? {} : { to: Number(to) }),
    ...(columns === undefined ? {} : { columns: columns.split(',') }),
  };
}

function sendCsv(response: ServerResponse, { from, to }: Record<string, string>): void {
  response.writeHead(200, { 'content-type': 'text/csv' });
  response.end(csvOf(Number(from), to === undefined ? undefined : Number(to)));
}

function answerBatch(response: ServerResponse, body: string): void {
  const { requests } = readBatch(body);
  const answers = requests.map((item) => {
    const { status, value } = candlesBody(item);
    return status === 200 ? { status, body: value } : { status, problem: value };
  });
  sendJson(response, { answers });
}

/** The items of a batch's body. */
export function readBatch(body: string): { readonly requests: readonly AskedItem[] } {
  const value = findJson(body);
  return {
    requests: isRecord(value) && isList(value.requests) ? value.requests.filter(isRecord) : [],
  };
}
