import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { CandlekeepError } from '@candlekeep/market';
import { z } from 'zod';

const MOST_BYTES = 200_000;

/** A control request that cannot be obeyed; answered with 400 and this message. */
export class BadControlRequest extends CandlekeepError {
  readonly code = 'BAD_CONTROL_REQUEST';
  readonly retryable = false;
}

/** Reads the JSON body of a request. Throws {@link BadControlRequest}. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadControlRequest(
      `the body is not JSON (${String(cause)}); send an object such as {"kind":"status-503"}`,
      { cause },
    );
  }
}

/** Runs a reader of a body; what a schema refuses becomes a {@link BadControlRequest} that names each wrong member. */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const faults = error.issues.map(
      ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
    );
    throw new BadControlRequest(`the body cannot be used; correct ${faults.join('; ')}`, {
      cause: error,
    });
  }
}

/** Reads to the end even of a body that is too long, so that its sender hears the answer. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  });
  await once(request, 'end');
  if (bytes <= MOST_BYTES) return Buffer.concat(chunks).toString();
  throw new BadControlRequest(`the body is ${bytes} bytes long; send at most ${MOST_BYTES}`);
}
