import { readStatus } from '@candlekeep/feed';
import { parseMarketCode } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { freshMarket } from '../support/redis';
import { redisDatabases } from '../support/redis-databases';
import { redisUrl } from '../support/servers';
import { FeedSides, statusOf, tickerFrame, tradeFrame } from '../support/stream/feed-sides';

const url = new URL(`/${redisDatabases.feed}`, redisUrl()).href;

describe('the feed', () => {
  let sides: FeedSides;
  beforeEach(async () => {
    sides = await FeedSides.open(url);
    await sides.redis.flushdb();
  });
  afterEach(() => sides.close());

  it('tells in one message whose newest rows were seen anew', async () => {
    const changes = [freshMarket(), freshMarket()].map((market) => ({
      ...{ market, seenAtMs: 1_795_357_759_285, closedUntilMs: 1_795_357_740_000 },
    }));
    sides.publisher.headsChanged([]);
    sides.publisher.headsChanged(changes);
    await waitFor(() => {
      expect(sides.heads).toEqual([changes]);
    });
  });

  it('passes frames on in their order, byte for byte, to who follows them', async () => {
    const market = freshMarket();
    const heard: string[] = [];
    await sides.listener.follow('trade', market, (texts) => heard.push(...texts)).ready;
    const sent = Array.from({ length: 200 }, (_, id) => tradeFrame(market, id));
    for (const text of sent) sides.publisher.frame('trade', market, text);
    sides.publisher.frame('trade', freshMarket(), 'of no interest');
    await waitFor(() => {
      expect(heard).toEqual(sent);
    });
  });

  it('is subscribed to a market only while somebody follows it', async () => {
    const market = freshMarket();
    const channel = keys.feedFrames('ticker', market, redisDatabases.feed);
    const subscribers = async () => (await sides.redis.pubsub('NUMSUB', channel))[1];
    const followed = [1, 2].map(() => sides.listener.follow('ticker', market, () => undefined));
    await followed[0]?.ready;
    expect(await subscribers()).toBe(1);
    followed[0]?.stop();
    followed[0]?.stop();
    expect(await subscribers()).toBe(1);
    followed[1]?.stop();
    await waitFor(async () => {
      expect(await subscribers()).toBe(0);
    });
  });

  it('keeps the last frame of each kind and market, whichever of two leaders writes last', async () => {
    const market = freshMarket();
    const other = await FeedSides.open(url);
    sides.publisher.frame('ticker', market, tickerFrame(market, '2.50000000', 2_000));
    sides.publisher.frame('ticker', market, tickerFrame(market, '1.50000000', 1_000));
    await sides.publisher.close();
    other.publisher.frame('ticker', market, tickerFrame(market, '1.75000000', 1_500));
    await other.close();
    expect(await sides.kept.find('ticker', market)).toBe(tickerFrame(market, '2.50000000', 2_000));
    expect(await sides.kept.find('trade', market)).toBeUndefined();
    const ttlMs = await sides.redis.pttl(keys.feedFrame('ticker', market));
    expect(ttlMs).toBeGreaterThan(23 * 3_600_000);
  });

  it('writes what it keeps once a second at most, however many frames there are', async () => {
    const market = freshMarket();
    const key = keys.feedFrame('trade', market);
    sides.publisher.frame('trade', market, tradeFrame(market, 1));
    expect(await sides.redis.exists(key)).toBe(0);
    await waitFor(async () => {
      expect(await sides.redis.exists(key)).toBe(1);
    });
  });

  it('knows how the leader stands until that is silent', async () => {
    expect(await readStatus(sides.redis)).toBeUndefined();
    const status = statusOf(parseMarketCode('KRW-BTC'));
    await sides.publisher.status(status);
    expect(await readStatus(sides.redis)).toEqual(status);
    expect(await sides.redis.pttl(keys.feedStatus)).toBeLessThanOrEqual(5_000);
  });

  it('counts what it cannot understand, says so once, and goes on', async () => {
    const market = freshMarket();
    const heard: string[] = [];
    await sides.listener.follow('trade', market, (texts) => heard.push(...texts)).ready;
    const heads = keys.feedHeads(redisDatabases.feed);
    const trades = keys.feedFrames('trade', market, redisDatabases.feed);
    const nonsense = ['', 'null', '{}', '[["krw-btc",1,1]]', '[["KRW-BTC",-1,1]]'];
    for (const text of nonsense) await sides.redis.publish(heads, text);
    const wrong = ['[]', '{', tickerFrame(market, '1'), tradeFrame(freshMarket(), 1)];
    for (const text of wrong) await sides.redis.publish(trades, text);
    const right = tradeFrame(market, 1);
    sides.publisher.frame('trade', market, right);
    await waitFor(() => {
      expect(heard).toEqual([right]);
    });
    expect(sides.heads).toEqual([]);
    expect(sides.listener.malformedCount).toBe(nonsense.length + wrong.length);
    expect(sides.log.lines).toMatchObject([{ level: 'error' }]);
  });
});

describe('the feed over a server that is killed', () => {
  let server: OwnQueueRedis;
  let sides: FeedSides;
  beforeEach(async () => {
    server = await OwnQueueRedis.start();
    sides = await FeedSides.open(server.url);
  });
  afterEach(async () => {
    await sides.close();
    await server.close();
  });

  it('says that it is lost and when it is back, and hears all that was followed again', async () => {
    const market = freshMarket();
    const heard: string[] = [];
    await sides.listener.follow('trade', market, (texts) => heard.push(...texts)).ready;
    await server.kill();
    await waitFor(() => {
      expect(sides.events).toEqual(['lost']);
      // The teller's own connection has broken as well.
      expect(sides.redis.status).not.toBe('ready');
    });
    for (let id = 0; id < 50; id++) sides.publisher.frame('trade', market, tradeFrame(market, id));
    await server.bringBack();
    await waitFor(() => {
      expect(sides.events).toEqual(['lost', 'back']);
    });
    await waitFor(() => {
      expect(sides.redis.status).toBe('ready');
    });
    const frame = tradeFrame(market, 99);
    sides.publisher.frame('trade', market, frame);
    await waitFor(() => {
      expect(heard).toEqual([frame]);
    });
    await waitFor(() => {
      expect(sides.log.lines.map(({ message }) => message)).toContain('the feed is told again');
    });
    expect(sides.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});
