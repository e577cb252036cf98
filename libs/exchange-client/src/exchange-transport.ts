import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { ExchangeConnections } from './exchange-connections';
import { ExchangeMalformed, ExchangeUnavailable } from './exchange-error';

/** A whole HTTP answer, whatever its status. */
export interface ExchangeAnswer {
  /** Path and query that were asked, for messages. */
  readonly target: string;
  readonly status: number;
  /** A header by its lower-case name; undefined when it is missing. */
  readonly header: (name: string) => string | undefined;
  /** The exact text, decompressed. */
  readonly body: string;
}

/** The largest answer known is the market list with details: 236 KB. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Sends one GET, once: no redirect, no retry, no proxy, no Origin. */
export class ExchangeTransport {
  private readonly http: AxiosInstance;

  /** `baseUrl` is the exchange's REST base without `/v1`. */
  constructor(
    baseUrl: string,
    userAgent: string,
    private readonly connections = new ExchangeConnections(),
  ) {
    const { httpAgent, httpsAgent } = connections;
    this.http = axios.create({
      ...{ httpAgent, httpsAgent },
      adapter: 'http',
      baseURL: baseUrl,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: MAX_BODY_BYTES,
      // axios would hand on what it could unpack of a broken gzip stream, without an error.
      decompress: false,
      responseType: 'arraybuffer',
      transformResponse: [],
      validateStatus: () => true,
      headers: {
        Accept: 'application/json',
        'Accept-Encoding': 'gzip',
        'User-Agent': userAgent,
      },
    });
  }

  /**
   * The answer to one GET of `target` (path and query). When `signal` aborts, the connection is reset and the promise
   * rejects with the signal's reason. Rejects with {@link ExchangeUnavailable} when no whole answer came.
   */
  async get(target: string, signal: AbortSignal): Promise<ExchangeAnswer> {
    try {
      const transport = this.connections.sendUntil(signal);
      const response = await this.http.get<unknown>(target, { signal, transport });
      const header = headersOf(response);
      const bytes = await unpack(response.data, header('content-encoding'));
      return { target, status: response.status, header, body: textOf(target, bytes) };
    } catch (cause) {
      if (cause instanceof ExchangeMalformed) throw cause;
      signal.throwIfAborted();
      throw new ExchangeUnavailable(
        `the exchange gave no whole answer to GET ${target} (${reasonOf(cause)}): try again later`,
        { cause },
      );
    }
  }

  /** Ends all kept connections; calls under way fail. */
  close(): void {
    this.connections.close();
  }
}

const gunzipWhole = promisify(gunzip);

function headersOf(response: AxiosResponse<unknown>): ExchangeAnswer['header'] {
  return (name) => {
    const value: unknown = response.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}

async function unpack(data: unknown, encoding = 'identity'): Promise<Buffer> {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding === 'gzip') return gunzipWhole(bytes, { maxOutputLength: MAX_BODY_BYTES });
  throw new Error(`content encoding ${encoding} was not asked for`);
}

/** Bytes that are no UTF-8 are an error, not replacement characters in somebody's market name. */
function textOf(target: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ExchangeMalformed(
      `the answer to GET ${target} is no UTF-8 text: nothing of it is used`,
      { cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  if (axios.isAxiosError(cause)) return cause.code ?? cause.message;
  return cause instanceof Error ? cause.message : String(cause);
}
