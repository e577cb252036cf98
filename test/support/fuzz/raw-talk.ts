import { connect, type Socket } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import type { RawConversation } from './raw-conversations';

const clock = new SystemClock();
/** Between two pieces, so that they arrive as two. */
const PAUSE_MS = 2;
/** A server that waits for more waits longer than this; so long is enough to see that. */
const WAIT_MS = 150;
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [ -~]+\r\n/;

/** Says it over a socket of its own; resolves with what is wrong with what came back, undefined for nothing. */
export async function talk(
  url: string,
  conversation: RawConversation,
): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const heard: Buffer[] = [];
  const over = new AbortController();
  socket.on('error', () => {
    over.abort();
  });
  socket.on('end', () => {
    over.abort();
  });
  socket.on('close', () => {
    over.abort();
  });
  socket.on('data', (chunk: Buffer) => {
    heard.push(chunk);
    if (conversation.ending === 'reset at first byte') socket.resetAndDestroy();
  });
  for (const piece of conversation.pieces) {
    if (over.signal.aborted) break;
    socket.write(piece);
    await clock.sleep(PAUSE_MS);
  }
  await end(socket, conversation, over.signal);
  return wrongWith(Buffer.concat(heard));
}

async function end(socket: Socket, { ending }: RawConversation, over: AbortSignal): Promise<void> {
  if (ending === 'half-close') socket.end();
  if (ending !== 'leave') await clock.sleep(WAIT_MS, over).catch(() => undefined);
  socket.destroy();
}

/** The first answer is one of HTTP, and the failure of nobody but the caller. */
function wrongWith(heard: Buffer): string | undefined {
  if (heard.length === 0) return undefined;
  const text = heard.toString('latin1');
  const status = Number(STATUS_LINE.exec(text)?.[1] ?? 0);
  if (status === 0) return `no HTTP: ${JSON.stringify(text.slice(0, 60))}`;
  if (status >= 500) return `status ${status}`;
  if (status < 400 || /content-length: 0\r\n|transfer-encoding: chunked/i.test(text))
    return undefined;
  return /\r\n\r\n\{"(?:error|type)":/.test(text)
    ? undefined
    : `a refusal that is no JSON: ${text.slice(0, 200)}`;
}
