import { once } from 'node:events';
import { connect } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import { FeedPublisher } from '@candlekeep/feed';
import { parseMarketCode } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { WebSocket } from 'ws';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';
import { statusOf, tickerFrame, tradeFrame } from '../support/stream/feed-sides';
import { StreamFollower } from '../support/stream/stream-follower';

const BTC = parseMarketCode('KRW-BTC');
const ETH = parseMarketCode('KRW-ETH');
const clock = new SystemClock();
/** Recorded markets have quiet stretches. */
const PATIENCE_MS = 50_000;

const NO_TICKET =
  '{"error":{"name":"NO_TICKET","message":"티켓이 존재하지 않거나, 유효하지 않습니다."}}';
const UNKNOWN_TYPE =
  '{"error":{"message":"orderbook 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}';

/** The JSON text of a number in a frame. */
function numberOf(frame: string, key: string): string {
  return new RegExp(`"${key}":([^,}]+)`).exec(frame)?.[1] ?? '';
}

describe('the exchange’s stream at a gateway', () => {
  let house: House;
  let publisher: FeedPublisher;
  const followers: StreamFollower[] = [];

  const open = async (): Promise<StreamFollower> => {
    const follower = await StreamFollower.open(house.gateways[0]!.url());
    followers.push(follower);
    return follower;
  };

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.stream });
    publisher = new FeedPublisher({ redis: house.redis.queue, clock, log: silentLogger });
  });
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.close()));
  });
  afterAll(async () => {
    await publisher.close();
    await house.close();
  });

  it('tells candles without a live process: the newest first, then what changes', async () => {
    const follower = await open();
    follower.subscribe([{ type: 'candle.1m', codes: ['KRW-BTC', 'krw-eth', 'KRW-NOPE'] }]);
    await waitFor(() => {
      expect(follower.ofType('REALTIME').length).toBeGreaterThan(1);
    }, PATIENCE_MS);
    const answer = await house.ask('/v1/candles/minutes/1?market=KRW-BTC&count=3');
    const [first] = follower.frames;
    expect(first).toContain('"stream_type":"SNAPSHOT"');
    expect(follower.ofType('SNAPSHOT')).toHaveLength(1);
    expect(follower.textFrames).toBe(0);
    for (const frame of follower.frames) {
      const time = /"candle_date_time_utc":"([^"]+)"/.exec(frame)?.[1] ?? '';
      expect(frame).toContain('"type":"candle.1m","code":"KRW-BTC"');
      expect(answer.body).toContain(time);
      expect(answer.body).toContain(`"opening_price":${numberOf(frame, 'opening_price')},`);
    }
  });

  it('costs one look a series and second, however many follow', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, open));
    const calls = await house.callsDuring(async () => {
      for (const follower of all) {
        follower.subscribe([{ type: 'candle.1m', codes: ['KRW-SOL'] }]);
        follower.subscribe([{ type: 'candle.5m', codes: ['KRW-SOL'] }]);
      }
      await clock.sleep(3_000);
    });
    expect(calls).toBeLessThanOrEqual(6);
    for (const follower of all) {
      expect(follower.frames.length).toBeLessThanOrEqual(6);
      expect(follower.frames.at(-1)).toContain('"type":"candle.5m"');
    }
  });

  it('passes on what live tells, after a snapshot of what it told last', async () => {
    await publisher.status(statusOf(BTC, ETH));
    publisher.frame('ticker', BTC, tickerFrame(BTC, '158200000.00000000'));
    publisher.frame('trade', BTC, tradeFrame(BTC, 1));
    publisher.frame('ticker', BTC, tickerFrame(BTC, '158201000.00000000'));
    await clock.sleep(1_200);
    const follower = await open();
    const codes = ['KRW-BTC', 'KRW-ETH'];
    follower.subscribe([
      { type: 'ticker', codes },
      { type: 'trade', codes },
    ]);
    await waitFor(() => {
      expect(follower.frames).toHaveLength(2);
    });
    expect(follower.frames.join()).toContain('"trade_price":158201000.00000000');
    expect(follower.ofType('SNAPSHOT')).toHaveLength(2);
    for (const id of [1, 2, 2, 3]) publisher.frame('trade', BTC, tradeFrame(BTC, id));
    publisher.frame('trade', ETH, tradeFrame(ETH, 1));
    await waitFor(() => {
      expect(follower.frames).toHaveLength(6);
    });
    const ids = follower.ofType('REALTIME').map((frame) => numberOf(frame, 'sequential_id'));
    expect(ids.map((id) => id.slice(-2))).toEqual(['01', '02', '03']);
    expect(follower.frames.at(-1)).toContain('"code":"KRW-ETH"');
    expect(follower.frames.at(-1)).toContain('SNAPSHOT');
  });

  it.each([
    ['SIMPLE', /^\{"ty":"ticker","cd":"KRW-BTC","tp":2\.50000000,"cp":0E-8,"tdt":/],
    ['JSON_LIST', /^\[\{"type":"ticker",.*"acc_trade_price_24h":331188513477\.17233,/],
    ['SIMPLE_LIST', /^\[\{"ty":"ticker",.*"st":"REALTIME"\}\]$/],
  ])('is written as %s, each number digit by digit', async (format, expected) => {
    const follower = await open();
    const wish = { type: 'ticker', codes: ['KRW-BTC'], is_only_realtime: true };
    follower.subscribe([wish], format);
    await waitFor(() => {
      publisher.frame('ticker', BTC, tickerFrame(BTC, '2.50000000'));
      expect(follower.frames[0]).toMatch(expected);
    });
  });

  it('sends one frame and no more to who wants the snapshot alone', async () => {
    const follower = await open();
    const codes = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'];
    follower.subscribe([{ type: 'candle.15m', codes, is_only_snapshot: true }]);
    await waitFor(() => {
      expect(follower.ofType('SNAPSHOT')).toHaveLength(3);
    });
    await clock.sleep(2_500);
    expect(follower.frames).toHaveLength(3);
  });

  it('replaces a subscription by the next, and lists what is followed', async () => {
    const follower = await open();
    follower.subscribe([{ type: 'candle.3m', codes: ['KRW-BTC'] }]);
    follower.subscribe([{ type: 'candle.1m', codes: ['KRW-ETH', 'nope'] }]);
    follower.say([{ ticket: 'mine' }, { method: 'LIST_SUBSCRIPTIONS' }]);
    await waitFor(() => {
      expect(follower.frames).toContain(
        '{"method":"LIST_SUBSCRIPTIONS","result":[{"type":"candle.1m","codes":["KRW-ETH","nope"]}],"ticket":"mine"}',
      );
      expect(follower.ofType('REALTIME').length).toBeGreaterThan(0);
    }, PATIENCE_MS);
    expect(follower.frames.join()).not.toContain('candle.3m');
  });

  it('answers signs of life', async () => {
    const follower = await open();
    const pong = once(follower.socket, 'pong');
    follower.socket.ping('x');
    expect(String((await pong)[0])).toBe('x');
    follower.say('PING');
    await waitFor(() => {
      expect(follower.frames).toEqual(['{"status":"UP"}']);
    });
  });

  it.each([
    ['no ticket', [{ type: 'trade', codes: ['KRW-BTC'] }], NO_TICKET],
    ['order books', [{ ticket: 'x' }, { type: 'orderbook', codes: ['KRW-BTC'] }], UNKNOWN_TYPE],
  ])('refuses %s and closes with 1000', async (_what, request, refusal) => {
    const follower = await open();
    follower.say(request);
    expect(await follower.closed).toBe(1_000);
    expect(follower.frames).toEqual([refusal]);
    expect(follower.textFrames).toBe(0);
  });

  it('refuses the sixth message of a second', async () => {
    const follower = await open();
    for (let i = 0; i < 6; i++) follower.say('PING');
    expect(await follower.closed).toBe(1_000);
    expect(follower.frames.at(-1)).toContain('TOO_MANY_REQUESTS');
  });

  it.each([
    ['/websocket/v2', {}, 404],
    ['/websocket/v1/private', {}, 404],
    ['/websocket/v1', { origin: 'https://elsewhere.example' }, 403],
  ])('refuses an upgrade at %s with %j', async (path, options, status) => {
    const url = `${house.gateways[0]!.url().replace('http', 'ws')}${path}`;
    const socket = new WebSocket(url, options);
    socket.on('error', () => undefined);
    const response: unknown = (await once(socket, 'unexpected-response'))[1];
    expect(response).toMatchObject({ statusCode: status });
    socket.terminate();
  });

  it('answers a client that offers HTTP/2 with its question', async () => {
    const { port } = new URL(house.gateways[0]!.url());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'GET /v1/candles/minutes/1?market=KRW-BTC HTTP/1.1\r\nHost: x\r\n' +
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n\r\n',
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(text).toContain('"market":"KRW-BTC"');
  });
});
