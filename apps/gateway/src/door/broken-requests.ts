import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { canonicalUrl } from './canonical-url';
import { refusalReply } from './refusal-reply';

/** What Node.js says of a request that it could not read. */
interface Breakage extends Error {
  readonly code?: unknown;
  /** The parser's words, such as `Invalid header token`. */
  readonly reason?: unknown;
  /** The bytes that came last; its beginning, if the request came in one piece. */
  readonly rawPacket?: unknown;
}

const REQUEST_LINE = /^[A-Z-]{1,20} (\S+)/;
/** Breakages with a status of their own. */
const KNOWN: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The URL and the headers are longer than 16 KB together.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are longer than 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
};

/** Answers requests that are no HTTP, and expectations that nobody meets, in the words of whoever was asked, as far as that can be seen. */
export function answerBrokenRequests(server: Server): void {
  // What came last over a connection: a body breaks, or comes too late, when its head is long read.
  const asked = new WeakMap<Duplex, string>();
  server.prependListener('request', ({ socket, url = '/' }: IncomingMessage) => {
    asked.set(socket, url);
  });
  server.removeAllListeners('clientError');
  server.on('clientError', (error: Breakage, socket: Duplex) => {
    if (error.code !== 'ECONNRESET' && socket.writable) {
      socket.write(replyTo(error, asked.get(socket)));
    }
    socket.destroy();
  });
  server.on('checkExpectation', (request, response) => {
    const reason = 'Expect: expected 100-continue, or no such header.';
    const { type, body } = refusalReply(canonicalUrl(request.url ?? ''), 417, reason);
    response.writeHead(417, { 'Content-Type': type, Connection: 'close' }).end(body);
  });
}

function replyTo({ code, reason, rawPacket }: Breakage, asked = '/'): string {
  const known = typeof code === 'string' ? KNOWN[code] : undefined;
  const said = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
  const [status, detail] = known ?? [400, `The request is no HTTP/1.1${said}.`];
  const begin = Buffer.isBuffer(rawPacket) ? rawPacket.subarray(0, 2_048).toString('latin1') : '';
  const { type, body } = refusalReply(
    canonicalUrl(REQUEST_LINE.exec(begin)?.[1] ?? asked),
    status,
    detail,
  );
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
