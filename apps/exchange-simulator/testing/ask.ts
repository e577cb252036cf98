import { request, type IncomingHttpHeaders } from 'node:http';

/** An answer with its bytes as they came. */
export interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
}

/** How to ask; a plain GET when nothing is said. */
export interface Asking {
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks over a real connection. Rejects when the answer does not come, or not to its end. */
export function ask(url: string, { body, ...options }: Asking = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, raw: Buffer.concat(chunks) });
      });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The JSON of an answer. */
export async function askJson(url: string, asking: Asking = {}): Promise<unknown> {
  const { raw } = await ask(url, asking);
  return JSON.parse(raw.toString());
}
