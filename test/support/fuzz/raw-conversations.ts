import fc from 'fast-check';

/** How a caller ends what it began: waits for all, says that it has no more to say, hangs up at the first byte, or breaks off. */
export type Ending = 'wait' | 'half-close' | 'reset at first byte' | 'leave';

/** Bytes as they go over a socket, piece by piece. */
export interface RawConversation {
  readonly name: string;
  readonly pieces: readonly Buffer[];
  readonly ending: Ending;
}

const HOST = 'Host: 127.0.0.1\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const GOOD = `GET /v1/market/all HTTP/1.1\r\n${HOST}\r\n`;
const BIG = `GET /api/openapi.json HTTP/1.1\r\n${HOST}\r\n`;
const post = (more: string): string =>
  `POST /api/candles/batch HTTP/1.1\r\n${HOST}${JSON_TYPE}${more}\r\n`;
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;

const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((given) => Buffer.from(given));
const path = fc.constantFrom(
  '/api/markets',
  '/v1/market/all',
  '/api/candles',
  '/docs',
  '/websocket/v1',
);
const size = fc.constantFrom(9_000, 17_000, 70_000, 300_000);

const HANDSHAKE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
/** Not masked, with reserved bits, of a reserved kind, endless, a ping too long, a part of nothing, no UTF-8, a close that is none. */
const FRAMES = [
  ...[
    '\x81\x05hello',
    '\xf1\x80\0\0\0\0',
    '\x83\x80\0\0\0\0',
    '\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff',
  ],
  ...[
    '\x89\xfe\0\x7e\0\0\0\0',
    '\x80\x80\0\0\0\0',
    '\x81\x82\0\0\0\0\xff\xfe',
    '\x88\x81\0\0\0\0a',
  ],
  ...['\x01\x81\0\0\0\0a\x01\x81\0\0\0\0a', '\x88\x82\0\0\0\0\x03\xe7'],
];

/** A conversation of one kind; its parts vary. */
const kinds: Readonly<Record<string, fc.Arbitrary<string | Buffer>>> = {
  'random bytes': bytes,
  'a path with bytes beyond ASCII': fc
    .tuple(path, bytes)
    .map(([place, strange]) =>
      Buffer.concat([
        Buffer.from(`GET ${place}?a=`),
        strange,
        Buffer.from(` HTTP/1.1\r\n${HOST}\r\n`),
      ]),
    ),
  'a header with strange bytes': fc
    .tuple(path, bytes)
    .map(([place, strange]) =>
      Buffer.concat([
        Buffer.from(`GET ${place} HTTP/1.1\r\n${HOST}X-A: `),
        strange,
        Buffer.from('\r\n\r\n'),
      ]),
    ),
  'a huge header': fc
    .tuple(path, size)
    .map(([place, length]) => get(place, `X-A: ${'a'.repeat(length)}\r\n`)),
  'many headers': path.map((place) => get(place, 'X-A: 1\r\n'.repeat(3_000))),
  'a huge URL': fc
    .tuple(path, size)
    .map(([place, length]) => get(`${place}?${'a=1&'.repeat(length / 4)}`)),
  'a huge body': size.map(
    (length) => post(`Content-Length: ${length * 10}\r\n`) + '['.repeat(length * 10),
  ),
  'a body shorter than it says': fc.constant(`${post('Content-Length: 100\r\n')}{"requests":[]}`),
  'a body longer than it says': fc.constant(`${post('Content-Length: 2\r\n')}{}{}{}${GOOD}`),
  'a length that is none': fc
    .constantFrom('-1', '1e3', '0x10', '99999999999999999999', '1, 2', ' ', '+2')
    .map((length) => `${post(`Content-Length: ${length}\r\n`)}{}`),
  'two lengths': fc.constant(`${post('Content-Length: 2\r\nContent-Length: 4\r\n')}{}`),
  'a length and chunks': fc.constant(
    `${post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n`,
  ),
  'chunks that are none': bytes.map((strange) =>
    Buffer.concat([
      Buffer.from(post('Transfer-Encoding: chunked\r\n')),
      strange,
      Buffer.from('\r\n0\r\n\r\n'),
    ]),
  ),
  'a chunk of garbage size': fc
    .constantFrom('zz', '-1', 'ffffffffffffffff', '2;'.padEnd(20_000, 'x'), '')
    .map((length) => `${post('Transfer-Encoding: chunked\r\n')}${length}\r\n{}\r\n0\r\n\r\n`),
  'chunks without an end': fc.constant(`${post('Transfer-Encoding: chunked\r\n')}2\r\n{}\r\n`),
  'an encoding that is none': fc.constant(`${post('Transfer-Encoding: gzip, identity\r\n')}{}`),
  'a body that is no UTF-8': bytes.map((strange) =>
    Buffer.concat([Buffer.from(post(`Content-Length: ${strange.length}\r\n`)), strange]),
  ),
  'many requests in one': fc.integer({ min: 2, max: 30 }).map((count) => GOOD.repeat(count)),
  'good requests, then garbage': bytes.map((strange) =>
    Buffer.concat([Buffer.from(GOOD.repeat(3)), strange, Buffer.from('\r\n\r\n')]),
  ),
  'a large answer': fc.constant(BIG.repeat(5)),
  'a request cut short': fc.nat(GOOD.length - 1).map((length) => GOOD.slice(0, length)),
  'another protocol': fc.constantFrom(
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
    'HELO gateway\r\n',
    'GET /v1/market/all\r\n',
    'GET /api/markets HTTP/9.9\r\n\r\n',
  ),
  'an old protocol': path.map((place) => `GET ${place} HTTP/1.0\r\n\r\n`),
  'no host, or two': fc.constantFrom(
    'GET /api/markets HTTP/1.1\r\n\r\n',
    get('/api/markets', HOST),
  ),
  'an expectation': fc
    .constantFrom('100-continue', '200-maybe')
    .map((what) => `${post(`Expect: ${what}\r\nContent-Length: 2\r\n`)}{}`),
  'a proxy’s request': fc.constantFrom(
    'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n',
    get('http://example.org/v1/ticker?markets=KRW-ETH'),
    get('http://example.org/api/nope'),
  ),
  'an offer of another protocol': fc.constantFrom(
    get('/api/markets', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'),
    `${post('Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 15\r\n')}{"requests":[]}`,
    get('/websocket/v1', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'),
    get(
      '/nope',
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
    ),
    get(
      '/websocket/v1',
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
    ),
  ),
  'frames of a stream that are none': fc
    .oneof(
      fc.constantFrom(...FRAMES),
      bytes.map((strange) => strange.toString('latin1')),
    )
    .map((frames) => get('/websocket/v1', HANDSHAKE) + frames),
  'line ends of another kind': fc.constantFrom(
    GOOD.replaceAll('\r\n', '\n'),
    GOOD.replaceAll('\r\n', '\r'),
    `\r\n\r\n${GOOD}`,
    GOOD.replace('Host:', ' Host:'),
    GOOD.replace('Host: ', 'Host :'),
  ),
};

const ending = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Ending>('wait') },
  { weight: 1, arbitrary: fc.constantFrom<Ending>('half-close', 'reset at first byte', 'leave') },
);

/** Conversations that break HTTP, or only look as if they did, whole or in pieces. */
export const rawConversations: fc.Arbitrary<RawConversation> = fc.oneof(
  ...Object.entries(kinds).map(([name, said]) =>
    fc.tuple(said, ending, fc.integer({ min: 1, max: 4 })).map(([all, end, count]) => {
      const whole = typeof all === 'string' ? Buffer.from(all, 'latin1') : all;
      return { name, pieces: cut(whole, count), ending: end };
    }),
  ),
);

/** In so many pieces of a length. */
function cut(whole: Buffer, count: number): readonly Buffer[] {
  const length = Math.max(1, Math.ceil(whole.length / count));
  return Array.from({ length: count }, (_, index) =>
    whole.subarray(index * length, (index + 1) * length),
  ).filter((piece) => piece.length > 0);
}
