import { WebSocket } from 'ws';
import { memberOf, type StreamClient } from '../../testing/stream-client';
import { StreamRig } from '../../testing/stream-rig';
import { streamFault } from './stream-faults';

const MINUTE_MS = 60_000;

describe('a fault of the stream', () => {
  let rig: StreamRig;
  let healthy: readonly string[];
  beforeAll(async () => {
    rig = new StreamRig();
    await rig.open();
    const client = await rig.connect();
    healthy = await minuteOf(client);
    await rig.close();
  });
  beforeEach(async () => {
    rig = new StreamRig();
    await rig.open();
  });
  afterEach(() => rig.close());

  /** All trades of one minute, told live; the same minute in every test. */
  async function minuteOf(client: StreamClient): Promise<string[]> {
    const codes = ['KRW-BTC', 'KRW-ETH'];
    await client.subscribe([{ type: 'trade', codes, is_only_realtime: true }]);
    await rig.clock.advance(MINUTE_MS);
    await client.settle();
    return client.take().map((frame) => memberOf(frame, 'sequential_id'));
  }

  it('may silence it, while pings and PING are still answered', async () => {
    const client = await rig.connect();
    const heal = rig.faults.begin({ kind: 'stream-silent' });
    expect(await minuteOf(client)).toEqual([]);
    await client.ask('PING');
    expect(client.take()).toEqual(['{"status":"UP"}']);
    heal();
    expect((await minuteOf(client)).length).toBeGreaterThan(0);
  });

  it('may drop every third frame', async () => {
    const client = await rig.connect();
    rig.faults.begin({ kind: 'stream-drop', oneIn: 3 });
    expect(await minuteOf(client)).toEqual(healthy.filter((_, index) => (index + 1) % 3 !== 0));
  });

  it('may send every second frame twice', async () => {
    const client = await rig.connect();
    rig.faults.begin({ kind: 'stream-duplicate', oneIn: 2 });
    expect(await minuteOf(client)).toEqual(
      healthy.flatMap((id, index) => (index % 2 === 0 ? [id] : [id, id])),
    );
  });

  it('may send every third frame after the next two, and what it holds back when it ends', async () => {
    const client = await rig.connect();
    const heal = rig.faults.begin({ kind: 'stream-reorder', oneIn: 3, behind: 2 });
    const heard = await minuteOf(client);
    // Of 1 to 9: the third waits for 4 and 5, the sixth for 7 and 8.
    expect(heard.slice(0, 7)).toEqual([0, 1, 3, 4, 2, 6, 7].map((index) => healthy[index]));
    heal();
    await rig.clock.advance(100);
    await client.settle();
    const rest = client.take().map((frame) => memberOf(frame, 'sequential_id'));
    expect([...heard, ...rest].slice(0, healthy.length).sort()).toEqual([...healthy].sort());
  });

  it('may be about some markets and some types alone', async () => {
    const client = await rig.connect();
    rig.faults.begin({ kind: 'stream-silent', codes: ['KRW-BTC'], types: ['trade'] });
    rig.faults.begin({ kind: 'stream-drop', oneIn: 1, types: ['orderbook'] });
    const codes = ['KRW-BTC', 'KRW-ETH'];
    const types = ['trade', 'ticker', 'orderbook'];
    await client.subscribe(types.map((type) => ({ type, codes, is_only_snapshot: true })));
    const heard = client.take().map((frame) => [memberOf(frame, 'type'), memberOf(frame, 'code')]);
    expect(heard).toEqual([
      ['trade', 'KRW-ETH'],
      ['ticker', 'KRW-BTC'],
      ['ticker', 'KRW-ETH'],
    ]);
  });

  it('may make frames late, in their order even when it ends', async () => {
    const client = await rig.connect();
    const heal = rig.faults.begin({ kind: 'stream-late', byMs: MINUTE_MS });
    const early = await minuteOf(client);
    heal();
    await rig.clock.advance(MINUTE_MS);
    await client.settle();
    const late = client.take().map((frame) => memberOf(frame, 'sequential_id'));
    expect(early).toEqual([]);
    expect(late.slice(0, healthy.length)).toEqual(healthy);
    expect(late.length).toBeGreaterThan(healthy.length);
  });

  it('may cut all connections, without a close frame and without keeping new ones out', async () => {
    const clients = [await rig.connect(), await rig.connect()];
    rig.faults.begin({ kind: 'stream-cut' });
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1_006, 1_006]);
    expect(rig.faults.has('stream-cut')).toBe(false);
    expect(await minuteOf(await rig.connect())).not.toEqual([]);
  });

  it('may leave connections half open: nothing comes any more, no pong either', async () => {
    const client = await rig.connect();
    await client.subscribe([{ type: 'trade', codes: ['KRW-BTC'] }]);
    client.take();
    const pongs: string[] = [];
    client.socket.on('pong', (payload) => pongs.push(payload.toString()));
    const heal = rig.faults.begin({ kind: 'stream-half-open' });
    client.socket.ping('lost');
    await rig.clock.advance(2 * MINUTE_MS);
    expect(client.received).toEqual([]);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    heal();
    await client.settle();
    expect(pongs).toEqual(['']);
  });

  it('of a kind takes the place of the one before, which cannot end it any more', () => {
    const endFirst = rig.faults.begin({ kind: 'stream-late', byMs: 100 });
    const endSecond = rig.faults.begin({ kind: 'stream-late', byMs: 200 });
    endFirst();
    expect(rig.faults.lateByMs()).toBe(200);
    endSecond();
    expect(rig.faults.lateByMs()).toBe(0);
  });

  it('is refused when it makes no sense', () => {
    expect(streamFault.safeParse({ kind: 'stream-drop', oneIn: 0 }).success).toBe(false);
    expect(streamFault.safeParse({ kind: 'stream-late' }).success).toBe(false);
    const reorder = { kind: 'stream-reorder', behind: 1 };
    expect(streamFault.safeParse({ ...reorder, oneIn: 2 }).success).toBe(true);
    expect(streamFault.safeParse({ ...reorder, oneIn: 1 }).success).toBe(false);
    const silent = { kind: 'stream-silent' };
    expect(streamFault.safeParse({ ...silent, codes: ['krw-btc'] }).success).toBe(false);
    expect(streamFault.safeParse({ ...silent, types: ['candle.2m'] }).success).toBe(false);
  });
});
