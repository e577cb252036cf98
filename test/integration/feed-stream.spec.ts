import { once } from 'node:events';
import { connect } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import { type MarketCode } from '@candlekeep/market';
import { waitFor } from '../support/app-process';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { freshMarket } from '../support/redis';
import { redisDatabases } from '../support/redis-databases';
import { redisUrl } from '../support/servers';
import { statusOf, tickerFrame, tradeFrame } from '../support/stream/feed-sides';
import { StreamFollower } from '../support/stream/stream-follower';
import { StreamRig } from '../support/stream/stream-rig';

const url = new URL(`/${redisDatabases.feedStream}`, redisUrl()).href;
const clock = new SystemClock();
/** A frame so long that a few hundred fill what lies between two ends of a connection. */
const PADDING = 'x'.repeat(40_000);

function longTicker(market: MarketCode, version: number): string {
  return tickerFrame(market, `${version}.00000000`).replace('{', `{"padding":"${PADDING}",`);
}

describe('the streams of a gateway', () => {
  let rig: StreamRig;
  const followers: StreamFollower[] = [];

  const follow = async (wishes: readonly object[], format?: string): Promise<StreamFollower> => {
    const follower = await StreamFollower.open(rig.url);
    followers.push(follower);
    follower.subscribe(wishes, format);
    return follower;
  };
  const heads = (market: MarketCode): void => {
    const nowMs = clock.nowMs();
    rig.feed.publisher.headsChanged([{ market, seenAtMs: nowMs, closedUntilMs: nowMs - 90_000 }]);
  };

  beforeEach(async () => {
    rig = await StreamRig.open(url);
  });
  afterEach(async () => {
    for (const { socket } of followers.splice(0)) socket.terminate();
    await rig.close();
  });

  it('cut who is refused and does not hang up', async () => {
    const { hostname, port } = new URL(rig.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(
      'GET /nope HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    await once(socket, 'end');
    expect(text).toMatch(/^HTTP\/1\.1 404 [^]*There is no stream here/);
    await waitFor(async () => {
      expect(await rig.connectionCount()).toBe(0);
    });
    socket.destroy();
  });

  it('look at a series once a change and second, and tell only what changed', async () => {
    const market = freshMarket();
    const wishes = [{ type: 'candle.1m', codes: [market] }];
    const all = await Promise.all(Array.from({ length: 30 }, () => follow(wishes)));
    await waitFor(() => {
      for (const { frames } of all) expect(frames).toHaveLength(1);
    });
    for (let i = 0; i < 40; i++) {
      heads(market);
      if (i === 20) rig.candles.trade();
      await clock.sleep(75);
    }
    await waitFor(() => {
      for (const { frames } of all) expect(frames).toHaveLength(2);
    });
    expect(rig.candles.reads.length).toBeLessThanOrEqual(5);
    expect(all[0]?.frames[1]).toContain('"candle_acc_trade_volume":2.00000000,');
    expect(all[0]?.frames[1]).toContain('"stream_type":"REALTIME"');
  });

  it('look by the clock at what nobody tells of', async () => {
    const [told, untold] = [freshMarket(), freshMarket()];
    await follow([{ type: 'candle.5m', codes: [told, untold] }]);
    for (let i = 0; i < 15; i++) {
      if (i === 0) heads(told);
      await clock.sleep(100);
    }
    const readsOf = (market: MarketCode) => rig.candles.reads.filter((n) => n.includes(market));
    expect(readsOf(told).length).toBeLessThanOrEqual(2);
    await waitFor(() => {
      expect(readsOf(untold).length).toBeGreaterThanOrEqual(4);
      expect(readsOf(told).length).toBeGreaterThanOrEqual(3);
    });
  });

  it('keep the newest state and 100 trades for a client that does not read', async () => {
    const market = freshMarket();
    const slow = await follow([{ type: 'ticker', codes: [market], is_only_realtime: true }]);
    slow.subscribe([
      { type: 'ticker', codes: [market], is_only_realtime: true },
      { type: 'trade', codes: [market], is_only_realtime: true },
    ]);
    await waitFor(() => {
      rig.feed.publisher.frame('trade', market, tradeFrame(market, 0, 1));
      expect(slow.frames.length).toBeGreaterThan(0);
    });
    slow.socket.pause();
    for (let i = 1; i <= 600; i++) {
      rig.feed.publisher.frame('ticker', market, longTicker(market, i));
      rig.feed.publisher.frame('trade', market, tradeFrame(market, i));
      if (i % 20 === 0) await clock.sleep(10);
    }
    await waitFor(() => {
      expect(rig.streams.server.waitingFrames).toBe(101);
    });
    slow.socket.resume();
    await waitFor(() => {
      expect(slow.frames.join()).toContain(`"trade_price":600.00000000`);
      expect(slow.frames.at(-1)).toContain('0600,"stream_type"');
    });
    const tickers = slow.frames.filter((frame) => frame.includes('"type":"ticker"'));
    expect(tickers.length).toBeLessThan(400);
    const tail = slow.frames.slice(-100).map((frame) => /(\d{4}),"stream/.exec(frame)?.[1]);
    expect(tail).toEqual(Array.from({ length: 100 }, (_, i) => String(501 + i).padStart(4, '0')));
    expect(rig.streams.server.waitingFrames).toBe(0);
  });

  it('cut off a client that reads nothing for 30 s, and no other', async () => {
    const market = freshMarket();
    const wishes = [{ type: 'ticker', codes: [market], is_only_realtime: true }];
    const [slow, good] = [await follow(wishes), await follow(wishes)];
    slow.socket.pause();
    let version = 0;
    await waitFor(async () => {
      for (let i = 0; i < 20; i++) {
        rig.feed.publisher.frame('ticker', market, longTicker(market, ++version));
      }
      await clock.sleep(10);
      expect(rig.streams.server.waitingFrames).toBe(1);
    });
    rig.clock.aheadMs += 29_000;
    await clock.sleep(300);
    expect(rig.streams.server.connectionCount).toBe(2);
    rig.clock.aheadMs += 1_500;
    await waitFor(() => {
      expect(rig.streams.server.connectionCount).toBe(1);
    });
    expect(good.frames.at(-1)).toContain(`"trade_price":${version}.00000000`);
  });

  it('say that they are up each 10 s to who has asked, and cut off who is silent for 120 s', async () => {
    const follower = await follow([{ type: 'trade', codes: [freshMarket()] }]);
    follower.say('PING');
    for (const times of [1, 2, 3, 4]) {
      await waitFor(() => {
        expect(follower.frames).toHaveLength(times);
      });
      rig.clock.aheadMs += 10_000;
    }
    rig.clock.aheadMs += 75_000;
    follower.socket.ping();
    await once(follower.socket, 'pong');
    rig.clock.aheadMs += 110_000;
    await clock.sleep(300);
    expect(rig.streams.server.connectionCount).toBe(1);
    rig.clock.aheadMs += 11_000;
    expect(await follower.closed).toBe(1_006);
  });

  it('serve 2,000 followers: each has the newest state, and none costs much', async () => {
    const market = freshMarket();
    await rig.feed.publisher.status(statusOf(market));
    const formats = ['DEFAULT', 'SIMPLE', 'JSON_LIST', 'SIMPLE_LIST'];
    const wishes = ['ticker', 'trade', 'candle.1m'].map((type) => ({ type, codes: [market] }));
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 40; i++) {
      const some = Array.from({ length: 50 }, (_, n) => follow(wishes, formats[n % 4]));
      await Promise.all(some);
    }
    expect(rig.streams.server.connectionCount).toBe(2_000);
    const startMs = clock.monotonicMs();
    for (let i = 1; i <= 50; i++) {
      rig.feed.publisher.frame('ticker', market, tickerFrame(market, `${i}.00000000`));
      rig.feed.publisher.frame('trade', market, tradeFrame(market, i));
      await clock.sleep(20);
    }
    await waitFor(() => {
      for (const { frames } of followers) {
        expect(frames.some((frame) => frame.includes('50.00000000,"'))).toBe(true);
        expect(frames.some((frame) => frame.includes('0050,"st'))).toBe(true);
        expect(frames.some((frame) => frame.includes('candle.1m'))).toBe(true);
      }
    }, 40_000);
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    const grownMiB = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
    expect(rig.streams.server.waitingFrames).toBe(0);
    // Both ends of each connection, and all that was received, are in this process.
    expect(grownMiB).toBeLessThan(800);
    process.stdout.write(`2,000 followers, 200,000 frames: ${tookMs} ms, +${grownMiB} MiB\n`);
    const closing = followers.map(({ closed }) => closed);
    await rig.streams.close();
    expect(new Set(await Promise.all(closing))).toEqual(new Set([1_001]));
  }, 120_000);
});

describe('the streams of a gateway whose queue server is killed', () => {
  it('begin anew with snapshots when it is back', async () => {
    const server = await OwnQueueRedis.start();
    const rig = await StreamRig.open(server.url);
    const market = freshMarket();
    try {
      await rig.feed.publisher.status(statusOf(market));
      const follower = await StreamFollower.open(rig.url);
      const types = ['ticker', 'trade', 'candle.1m'];
      follower.subscribe(types.map((type) => ({ type, codes: [market] })));
      await waitFor(() => {
        rig.feed.publisher.frame('ticker', market, tickerFrame(market, '1.00000000', 1_000));
        rig.feed.publisher.frame('trade', market, tradeFrame(market, 1, 1_000));
        expect(follower.ofType('SNAPSHOT')).toHaveLength(3);
      });
      await server.kill();
      await waitFor(() => {
        expect(rig.feed.events).toContain('lost');
      });
      rig.candles.trade();
      await waitFor(() => {
        expect(follower.frames.at(-1)).toContain('"candle_acc_trade_volume":2.00000000');
      });
      await server.bringBack();
      await waitFor(async () => {
        await rig.feed.publisher.status(statusOf(market));
        rig.feed.publisher.frame('ticker', market, tickerFrame(market, '2.00000000', 2_000));
        expect(follower.ofType('SNAPSHOT').length).toBeGreaterThanOrEqual(5);
        expect(follower.frames.join()).toContain('"trade_price":2.00000000');
      });
      const messages = rig.log.lines.map(({ message }) => message);
      expect(messages.filter((text) => text.startsWith('the feed is not heard'))).toHaveLength(1);
      expect(messages.filter((text) => text.startsWith('the feed is heard again'))).toHaveLength(1);
      follower.socket.terminate();
    } finally {
      await rig.close();
      await server.close();
    }
  });
});
