import { isNativeError } from 'node:util/types';
import { adviseKey } from '@candlekeep/command-line';
import { z } from 'zod';
import { duration } from './quantities';
import { GatewayRefused, PersonLeft } from './gateway-refused';
import { KEY_VARIABLE } from './usage';

/** A question under `/api/`. */
export interface GatewayQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** How long the whole answer may take, ms. */
  readonly withinMs: number;
}

export interface GatewayAnswer<T> {
  readonly status: number;
  readonly body: T;
}

const problem = z.object({ detail: z.string() });
const ANOTHER = 'name another with --gateway';

/** One gateway over HTTP: an answer in the expected shape, or an error whose message is for people. */
export class GatewayLink {
  /** Without a slash at its end. */
  readonly url: string;

  constructor(
    url: string,
    /** Aborts when the person leaves: nobody waits for the answer any longer. */
    private readonly interrupted: AbortSignal,
    /** Shown with every question, where there is one. */
    private readonly key?: string,
  ) {
    this.url = url.replace(/\/+$/, '');
  }

  /** Throws {@link GatewayRefused}, or {@link PersonLeft}. */
  async ask<T>(question: GatewayQuestion, shape: z.ZodType<T>): Promise<GatewayAnswer<T>> {
    const { response, text } = await this.fetch(question);
    if (!response.ok) throw this.refusal(question, response, text);
    const { status } = response;
    const parsed = shape.safeParse(parseJson(text));
    if (parsed.success) return { status, body: parsed.data };
    throw this.noGateway(question, status, `${kindOf(response)} that a gateway does not send`);
  }

  private async fetch({ method, path, body, withinMs }: GatewayQuestion) {
    const late = AbortSignal.timeout(withinMs);
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(this.key === undefined ? {} : { Authorization: `Bearer ${this.key}` }),
    };
    const signal = AbortSignal.any([late, this.interrupted]);
    try {
      const init: RequestInit = { method, ...content, headers, redirect: 'manual', signal };
      const response = await fetch(`${this.url}${path}`, init);
      return { response, text: await response.text() };
    } catch (cause) {
      if (this.interrupted.aborted) {
        throw new PersonLeft(
          `left before ${this.url} had answered ${method} ${path}: it may be done or not, the same command tells`,
        );
      }
      const reason = late.aborted ? `waited ${duration(withinMs)}` : reasonOf(cause);
      const message = `no answer from the gateway at ${this.url} (${reason}): does it run there? If not, ${ANOTHER}`;
      throw new GatewayRefused(message, { cause });
    }
  }

  private refusal(question: GatewayQuestion, response: Response, text: string): GatewayRefused {
    const { status, headers } = response;
    const said = problem.safeParse(parseJson(text));
    // Others write a "detail" as well; only a gateway says that this is a problem.
    if (said.success && kindOf(response) === 'application/problem+json') {
      const { detail } = said.data;
      const advice = adviseKey(KEY_VARIABLE, { status, isShown: this.key !== undefined });
      const message = status < 500 ? detail + advice : `the gateway at ${this.url} says: ${detail}`;
      return new GatewayRefused(message, { status });
    }
    if (status < 400) {
      const target = headers.get('location') ?? 'nowhere';
      return this.noGateway(question, status, `a redirect to ${target}`);
    }
    const { method, path } = question;
    const advice =
      status < 500
        ? `is a Candlekeep gateway there? If not, ${ANOTHER}`
        : `see ${this.url}/health/ready and what the gateway, or a proxy before it, logs`;
    const message = `${method} ${this.url}${path} was answered with ${status}: ${advice}`;
    return new GatewayRefused(message, { status });
  }

  private noGateway({ method, path }: GatewayQuestion, status: number, what: string) {
    const message = `${this.url} is no Candlekeep gateway: it answered ${method} ${path} with ${status} and ${what}; ${ANOTHER}`;
    return new GatewayRefused(message, { status });
  }
}

function kindOf({ headers }: Response): string {
  const [kind = ''] = (headers.get('content-type') ?? '').split(';');
  return kind.trim().toLowerCase() || 'something';
}

/** `fetch failed` says nothing: its cause does, or, where several addresses were tried, theirs. */
function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const { cause } = error;
  if (!isNativeError(cause)) return error.message;
  if (cause.message !== '') return cause.message;
  return 'code' in cause ? String(cause.code) : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
