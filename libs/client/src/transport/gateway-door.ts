import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { findJson } from '../json-value';
import { CandlekeepRequestFailed } from '../request-failed';
import { connectionFailure, refusal } from './failures';
import { type HttpQuestion, HttpTransport, readBody } from './http-transport';

export interface PathAndHeaders {
  /** From `/api` on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonAnswer {
  readonly value: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** Asks the gateway once. Every failure is a {@link CandlekeepRequestFailed} that names the question. */
export class GatewayDoor {
  constructor(private readonly transport: HttpTransport) {}

  async read(question: PathAndHeaders, signal: AbortSignal): Promise<JsonAnswer> {
    return await this.json({ method: 'GET', ...question }, signal);
  }

  async post(path: string, value: object, signal: AbortSignal): Promise<JsonAnswer> {
    return await this.json({ method: 'POST', path, body: JSON.stringify(value) }, signal);
  }

  /** An answer whose body is still to come, when its status is 200. */
  async open(question: PathAndHeaders, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.ask({ method: 'GET', ...question }, signal);
    if (response.statusCode === 200) return response;
    const body = await this.bodyOf(response, question.path);
    throw refused(question.path, response, body);
  }

  /** A connection that broke, as a failure of this question. */
  broken(path: string, cause: unknown): CandlekeepRequestFailed {
    return connectionFailure(path, this.transport.origin, cause);
  }

  /** Cuts every connection. */
  close(): void {
    this.transport.close();
  }

  private async json(question: HttpQuestion, signal: AbortSignal): Promise<JsonAnswer> {
    const response = await this.ask(question, signal);
    const body = await this.bodyOf(response, question.path);
    if (response.statusCode !== 200) throw refused(question.path, response, body);
    const value = findJson(body);
    if (value !== undefined) return { value, headers: response.headers };
    throw new CandlekeepRequestFailed(
      `the answer to ${question.path} is no JSON: is ${this.transport.origin} a Candlekeep gateway?`,
      { status: 200 },
    );
  }

  private async ask(question: HttpQuestion, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.transport.ask(question, signal);
    } catch (cause) {
      throw this.broken(question.path, cause);
    }
  }

  private async bodyOf(response: IncomingMessage, path: string): Promise<string> {
    try {
      return await readBody(response);
    } catch (cause) {
      throw this.broken(path, cause);
    }
  }
}

function refused(path: string, { statusCode = 0, headers }: IncomingMessage, body: string) {
  return refusal(path, { status: statusCode, headers, body });
}
