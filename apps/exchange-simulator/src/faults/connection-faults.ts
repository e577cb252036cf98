import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { withoutHeader, type Message } from '../http/message';
import type { Disturbance, Wire } from './disturbance';
import { disturbingKind, type FaultKind } from './fault-kind';

/** The connection fails: silence, a reset, an answer that ends too early or comes too slowly. */
export const CONNECTION_FAULTS: readonly FaultKind[] = [
  disturbingKind({
    kind: 'timeout',
    about: 'never answers, keeps the connection',
    options: {},
    make: () => ({ send: hold }),
  }),
  disturbingKind({
    kind: 'reset',
    about: 'resets the connection; when: "before-headers" | "after-headers" (before-headers)',
    options: { when: z.enum(['before-headers', 'after-headers']).default('before-headers') },
    make: ({ when }) => resetting(when),
  }),
  disturbingKind({
    kind: 'truncated-body',
    about: 'Content-Length promises more than comes before the connection ends',
    options: {},
    make: () => ({ message: withLength, send: sendHalf }),
  }),
  disturbingKind({
    kind: 'truncated-gzip',
    about: 'a complete answer whose gzip stream stops half way, asked for or not',
    options: {},
    make: () => ({ message: withHalfGzip }),
  }),
  disturbingKind({
    kind: 'slow-body',
    about: 'the body trickles; chunkBytes (64), everyMs (100)',
    options: {
      chunkBytes: z.number().int().min(1).max(1_000_000).default(64),
      everyMs: z.number().int().min(1).max(60_000).default(100),
    },
    make: (pace) => ({ send: (message, wire) => trickle(message, wire, pace) }),
  }),
];

/** Until the caller leaves or the faults end. */
async function hold(_message: Message, { response, signal }: Wire): Promise<void> {
  const cut = (): void => {
    response.destroy();
  };
  signal.addEventListener('abort', cut, { once: true });
  if (!response.destroyed) await once(response, 'close');
  signal.removeEventListener('abort', cut);
}

function resetting(when: 'before-headers' | 'after-headers'): Disturbance {
  return {
    send: async ({ status, headers, payload }, { response }) => {
      if (when === 'after-headers') {
        response.writeHead(status, { ...headers, 'Content-Length': payload.length + 1 });
        await written(response, payload.subarray(0, 1));
      }
      response.socket?.resetAndDestroy();
    },
  };
}

function withLength(message: Message): Message {
  const headers = { ...message.headers, 'Content-Length': message.payload.length };
  return { ...message, headers };
}

async function sendHalf({ status, headers, payload }: Message, { response }: Wire): Promise<void> {
  response.writeHead(status, headers);
  await written(response, firstHalf(payload));
  response.destroy();
}

function withHalfGzip(message: Message): Message {
  const isPacked = message.headers['Content-Encoding'] === 'gzip';
  const packed = isPacked ? message.payload : gzipSync(message.payload);
  const { status, headers } = withoutHeader(message, 'Content-Length');
  return {
    status,
    headers: { ...headers, 'Content-Encoding': 'gzip' },
    payload: firstHalf(packed),
  };
}

async function trickle(
  { status, headers, payload }: Message,
  { response, clock, signal }: Wire,
  { chunkBytes, everyMs }: { chunkBytes: number; everyMs: number },
): Promise<void> {
  response.writeHead(status, headers);
  for (let from = 0; from < payload.length && !response.destroyed; from += chunkBytes) {
    response.write(payload.subarray(from, from + chunkBytes));
    await clock.sleep(everyMs, signal).catch(() => response.destroy());
  }
  response.end();
}

function firstHalf(payload: Buffer): Buffer {
  return payload.subarray(0, Math.floor(payload.length / 2));
}

/** Handed to the system, so that what follows cannot overtake it. */
async function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  await new Promise<void>((done) => {
    response.write(bytes, () => {
      done();
    });
  });
}
