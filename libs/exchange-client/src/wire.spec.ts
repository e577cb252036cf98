import { createHash } from 'node:crypto';
import { SystemClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { anyDemand as demand, countingLimiters } from '../testing/counting-limiter';
import { RawServer } from '../testing/raw-server';
import { UpbitRestClient } from './upbit-rest-client';
import { UpbitStream } from './upbit-stream';

const clock = new SystemClock();
const signal = new AbortController().signal;
const market = parseMarketCode('KRW-BTC');
const timeframe = Timeframe.parse('1m');

describe('what leaves the process, byte for byte', () => {
  let server: RawServer;

  afterEach(async () => {
    await server.close();
  });

  it('is a request line and the five headers that are stated here, for each REST question', async () => {
    server = await RawServer.start((text, socket) => {
      if (text.endsWith('\r\n\r\n')) socket.write(EMPTY_LIST);
    });
    const client = restClient();
    await client.getCandles({ series: { market, timeframe }, count: 1, signal, demand });
    await client.forward({ path: '/v1/ticker', query: 'markets=KRW-BTC,KRW-ETH', signal, demand });
    client.close();
    const targets = [
      '/v1/candles/minutes/1?market=KRW-BTC&count=1',
      '/v1/ticker?markets=KRW-BTC,KRW-ETH',
    ];
    expect(server.received).toBe(targets.map(requestTo).join(''));
  });

  it('is the upgrade and one masked text frame, for a stream', async () => {
    const leave = new AbortController();
    server = await RawServer.start((text, socket) => {
      const key = /Sec-WebSocket-Key: (\S+)/.exec(text)?.[1];
      if (key !== undefined && text.endsWith('\r\n\r\n')) socket.write(accept(key));
      else leave.abort();
    });
    await follow(leave.signal);
    const [head = '', frame = ''] = server.received.split(/(?<=\r\n\r\n)/);
    expect(head.replace(/(?<=Sec-WebSocket-Key: )[A-Za-z0-9+/]{22}==/, '<16 bytes>')).toBe(
      [
        'GET /websocket/v1 HTTP/1.1',
        'User-Agent: candlekeep/1.2.3',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: <16 bytes>',
        'Connection: Upgrade',
        'Upgrade: websocket',
        `Host: ${server.host}`,
        '\r\n',
      ].join('\r\n'),
    );
    expect(firstText(frame)).toMatch(
      /^\[\{"ticket":"[0-9a-f-]{36}"\},\{"type":"candle\.1m","codes":\["KRW-BTC"\]\},\{"format":"DEFAULT"\}\]$/,
    );
  });

  function requestTo(target: string): string {
    return [
      `GET ${target} HTTP/1.1`,
      'Accept: application/json',
      'Accept-Encoding: gzip',
      'User-Agent: candlekeep/1.2.3',
      `Host: ${server.host}`,
      'Connection: keep-alive',
      '\r\n',
    ].join('\r\n');
  }

  function restClient(): UpbitRestClient {
    const limiters = countingLimiters(clock);
    const baseUrl = `http://${server.host}`;
    return new UpbitRestClient({ baseUrl, version: '1.2.3', limiters, clock, log: silentLogger });
  }

  async function follow(until: AbortSignal): Promise<void> {
    const stream = new UpbitStream({ version: '1.2.3', clock, log: silentLogger }).open({
      url: `ws://${server.host}/websocket/v1`,
      subscriptions: [{ kind: 'candle', timeframe, markets: [market] }],
      signal: until,
      onFrame: () => undefined,
      onState: () => undefined,
    });
    await stream.ended;
  }
});

const EMPTY_LIST = [
  'HTTP/1.1 200 OK',
  'Date: Wed, 11 Mar 2026 14:40:59 GMT',
  'Content-Type: application/json;charset=UTF-8',
  'Set-Cookie: session=1; Path=/',
  'Content-Length: 2',
  '',
  '[]',
].join('\r\n');

/** The reply to an upgrade: the key and the fixed text of RFC 6455, section 1.3, hashed. */
function accept(key: string): string {
  const hash = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${hash.digest('base64')}`,
    '\r\n',
  ].join('\r\n');
}

/** The text of a masked text frame of less than 64 KB: RFC 6455, section 5.2. */
function firstText(frame: string): string {
  const bytes = Buffer.from(frame, 'latin1');
  expect(bytes[0]).toBe(0x81);
  const short = bytes[1]! & 0x7f;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const maskAt = short === 126 ? 4 : 2;
  const mask = bytes.subarray(maskAt, maskAt + 4);
  const payload = bytes.subarray(maskAt + 4, maskAt + 4 + length);
  return Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]!)).toString('utf8');
}
