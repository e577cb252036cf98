import { WebSocket } from 'ws';
import { memberOf } from '../../testing/stream-client';
import { StreamRig } from '../../testing/stream-rig';

const trades = { type: 'trade', codes: ['KRW-BTC'] };
const minutes = { type: 'candle.1m', codes: ['KRW-BTC'] };

describe('a connection to the stream', () => {
  let rig: StreamRig;
  beforeEach(async () => {
    rig = new StreamRig();
    await rig.open();
  });
  afterEach(() => rig.close());

  it('is answered by a snapshot of each code in binary frames, then by what happens', async () => {
    const client = await rig.connect();
    await client.subscribe([{ type: 'candle.1m', codes: ['KRW-BTC', 'KRW-ETH'] }, trades]);
    expect(client.received.every(({ isBinary }) => isBinary)).toBe(true);
    const snapshots = client.take();
    expect(snapshots.map((frame) => memberOf(frame, 'type') + memberOf(frame, 'code'))).toEqual([
      'candle.1mKRW-BTC',
      'candle.1mKRW-ETH',
      'tradeKRW-BTC',
    ]);
    expect(snapshots.map((frame) => memberOf(frame, 'stream_type'))).toEqual(
      Array(3).fill('SNAPSHOT'),
    );
    await rig.clock.advance(60_000);
    await client.settle();
    const later = client.take();
    expect(later.length).toBeGreaterThan(5);
    expect(new Set(later.map((frame) => memberOf(frame, 'stream_type')))).toEqual(
      new Set(['REALTIME']),
    );
  });

  it('takes requests in binary messages too', async () => {
    const client = await rig.connect();
    await client.ask(JSON.stringify([{ ticket: 'x' }, trades]), { binary: true });
    expect(client.take()).toHaveLength(1);
  });

  it('may ask for the snapshot or for what happens alone', async () => {
    const client = await rig.connect();
    const eth = { type: 'trade', codes: ['KRW-ETH'] };
    await client.subscribe([
      { ...trades, is_only_snapshot: true },
      { ...eth, is_only_realtime: true },
    ]);
    await rig.clock.advance(60_000);
    await client.settle();
    const [first, ...others] = client.take();
    expect(memberOf(first!, 'stream_type')).toBe('SNAPSHOT');
    expect(new Set(others.map((frame) => memberOf(frame, 'code')))).toEqual(new Set(['KRW-ETH']));
  });

  it('follows only its newest request', async () => {
    const client = await rig.connect();
    await client.subscribe([trades]);
    await client.subscribe([minutes]);
    client.take();
    await rig.clock.advance(60_000);
    await client.settle();
    expect(new Set(client.take().map((frame) => memberOf(frame, 'type')))).toEqual(
      new Set(['candle.1m']),
    );
  });

  it('hears nothing of unknown codes and of codes in lower case, and stays', async () => {
    const client = await rig.connect();
    await client.subscribe([{ type: 'ticker', codes: ['KRW-NOPE', 'krw-btc'] }]);
    await rig.clock.advance(30_000);
    await client.settle();
    expect(client.take()).toEqual([]);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is served in the format that it asks for', async () => {
    const client = await rig.connect();
    const written = new Map<string, string>();
    for (const format of ['DEFAULT', 'SIMPLE', 'JSON_LIST', 'SIMPLE_LIST']) {
      await client.subscribe([minutes], format);
      written.set(format, client.take().join());
    }
    expect(written.get('DEFAULT')).toMatch(/^\{"type":"candle\.1m","code":"KRW-BTC","candle_d/);
    expect(written.get('SIMPLE')).toMatch(
      /^\{"ty":"candle\.1m","cd":"KRW-BTC","cdttmu":"[^"]+","cdttmk":"[^"]+","op":[\d.]+,"hp":[\d.]+,"lp":[\d.]+,"tp":[\d.]+,"catv":[\d.]+,"catp":[\d.]+,"tms":\d+,"st":"SNAPSHOT"\}$/,
    );
    expect(written.get('JSON_LIST')).toBe(`[${written.get('DEFAULT')!}]`);
    expect(written.get('SIMPLE_LIST')).toBe(`[${written.get('SIMPLE')!}]`);
  });

  it('is told its subscriptions, and may change its format with the question', async () => {
    const client = await rig.connect();
    await client.subscribe([minutes, trades]);
    client.take();
    const list = [{ ticket: 'mine' }, { method: 'LIST_SUBSCRIPTIONS' }, { format: 'SIMPLE' }];
    await client.ask(list);
    expect(client.take()).toEqual([
      '{"method":"LIST_SUBSCRIPTIONS","result":[{"type":"candle.1m","codes":["KRW-BTC"]},{"type":"trade","codes":["KRW-BTC"]}],"ticket":"mine"}',
    ]);
    await rig.clock.advance(60_000);
    await client.settle();
    expect(client.take().every((frame) => frame.startsWith('{"ty":"'))).toBe(true);
  });

  it('is refused in the exchange’s words and closed with 1000 a moment later', async () => {
    const client = await rig.connect();
    await client.subscribe([trades]);
    client.take();
    await client.ask([{ ticket: 'x' }, { type: 'nope', codes: ['KRW-BTC'] }]);
    await client.ask([{ ticket: 'x' }, trades]);
    expect(client.received).toEqual([
      {
        isBinary: true,
        text: '{"error":{"message":"nope 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}',
      },
    ]);
    await rig.clock.advance(100);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await rig.clock.advance(100);
    expect(await client.closed).toBe(1_000);
  });

  it('hears that the exchange is up at once and every ten seconds once it has said PING', async () => {
    const client = await rig.connect();
    await client.ask('PING');
    expect(client.received).toEqual([{ text: '{"status":"UP"}', isBinary: true }]);
    await rig.clock.advance(30_000);
    await client.settle();
    expect(client.take()).toEqual(Array(4).fill('{"status":"UP"}'));
  });

  it('may send five messages in a second and a hundred in a minute', async () => {
    const [hasty, busy] = [await rig.connect(), await rig.connect()];
    for (let sent = 0; sent < 6; sent += 1) await hasty.ask('PING');
    expect(hasty.take().at(-1)).toContain('"name":"TOO_MANY_REQUESTS"');
    for (let sent = 0; sent < 101; sent += 1) {
      expect(busy.take().join()).not.toContain('error');
      await busy.ask('PING');
      await rig.clock.advance(200);
    }
    expect(await busy.closed).toBe(1_000);
  });

  it('shares its compression only with those who offer it', async () => {
    const plain = await rig.connect();
    const packed = await rig.connect({ perMessageDeflate: true });
    expect(plain.socket.extensions).toBe('');
    expect(packed.socket.extensions).toBe('permessage-deflate');
    await packed.subscribe([{ type: 'orderbook', codes: ['KRW-BTC'] }]);
    expect(memberOf(packed.take().join(), 'type')).toBe('orderbook');
  });
});

describe('the silence of a connection', () => {
  let rig: StreamRig;
  beforeEach(async () => {
    rig = new StreamRig({ idleMs: 3_000 });
    await rig.open();
  });
  afterEach(() => rig.close());

  it('ends it without a close frame when it has lasted', async () => {
    const client = await rig.connect();
    await client.subscribe([{ type: 'trade', codes: ['KRW-NOPE'] }]);
    await rig.clock.advance(2_900);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await rig.clock.advance(200);
    expect(await client.closed).toBe(1_006);
  });

  it('is broken by pings, which are answered with what they carried', async () => {
    const client = await rig.connect();
    for (let turn = 0; turn < 4; turn += 1) {
      await rig.clock.advance(2_000);
      const pong = new Promise<Buffer>((heard) => client.socket.once('pong', heard));
      client.socket.ping('still here');
      expect((await pong).toString()).toBe('still here');
    }
  });

  it('is broken by what the client hears as well', async () => {
    const client = await rig.connect();
    await client.ask('PING');
    const busy = await rig.connect();
    await busy.subscribe([{ type: 'ticker', codes: ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'] }]);
    await rig.clock.advance(3_100);
    expect(await client.closed).toBe(1_006);
    expect(busy.socket.readyState).toBe(WebSocket.OPEN);
  });
});
