import { WindowChanges } from '@candlekeep/candle-cache';
import { FeedListener, FeedPublisher } from '@candlekeep/feed';
import { parseMarketCode } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { PoisonHouse } from '../support/poison/poison-house';
import { openQueues, type Queues } from '../support/poison/queue-sides';

const MANY = 500;
const STRANGE = ['from another program', '{"id":', 'null', '[["KRW-BTC",-1,1e300]]', '{"id":1}'];
const market = parseMarketCode('KRW-BTC');

describe('messages that are none of ours', () => {
  let house: PoisonHouse;
  let queues: Queues;

  beforeAll(async () => {
    house = await PoisonHouse.start();
    queues = await openQueues(house);
  });
  afterAll(async () => {
    await house.close();
  });

  const flood = async (channel: string): Promise<void> => {
    const counted = house.poisonedCount;
    for (let sent = 0; sent < MANY; sent += STRANGE.length) {
      await Promise.all(STRANGE.map((message) => house.redis.publish(channel, message)));
    }
    await waitFor(() => {
      expect(house.poisonedCount - counted).toBe(MANY);
    });
    expect(house.linesOf(channel)).toBe(1);
  };

  it.each([
    ['the ends of fetches', keys.readyChannel(0)],
    ['who is in a hurry', keys.hurryChannel(0)],
  ])('are counted and told once on the channel of %s, and work goes on', async (_what, channel) => {
    await flood(channel);
    await Promise.all(queues.sides.map(({ work }) => work()));
  });

  it('are counted and told once on the channels of the feed, and it is heard on', async () => {
    const { clock, log, cleanUp, redis } = house;
    const listener = new FeedListener({ subscriber: house.open('subscriber'), clock, log });
    const publisher = new FeedPublisher({ redis, clock, log });
    cleanUp.add(() => listener.close());
    cleanUp.add(() => publisher.close());
    const heads: string[] = [];
    const frames: string[] = [];
    const breaks: string[] = [];
    await listener.start({
      headsChanged: (changes) => heads.push(...changes.map((one) => one.market)),
      lost: () => breaks.push('lost'),
      back: () => breaks.push('back'),
    });
    const followed = listener.follow('trade', market, (heard) => frames.push(...heard));
    await followed.ready;
    await flood(keys.feedHeads(0));
    const before = house.poisonedCount;
    await redis.publish(keys.feedFrames('trade', market, 0), 'from another program');
    await redis.publish(keys.feedFrames('trade', market, 0), '{"type":"ticker","code":"KRW-BTC"}');
    publisher.headsChanged([{ market, seenAtMs: 2, closedUntilMs: 1 }]);
    const frame = '{"type":"trade","code":"KRW-BTC","stream_type":"REALTIME"}';
    publisher.frame('trade', market, frame);
    await waitFor(() => {
      expect([heads, frames, breaks]).toEqual([[market], [frame], []]);
    });
    expect(house.poisonedCount - before).toBe(2);
    expect(listener.malformedCount).toBe(MANY + 2);
  });

  it('are counted and told once on the channel of changes, and cost what was encoded', async () => {
    const { clock, log, cleanUp, redis } = house;
    const changes = new WindowChanges({ subscriber: house.open('subscriber'), clock, log });
    cleanUp.add(() => changes.close());
    const heard: string[] = [];
    await changes.start({
      changed: ({ kind }) => heard.push(kind),
      lost: () => heard.push('lost'),
      back: () => undefined,
    });
    await flood(keys.windowChanges(0));
    await redis.publish(keys.windowChanges(0), `sight ${market}:1m`);
    await waitFor(() => {
      expect(heard.slice(-2)).toEqual(['lost', 'sight']);
    });
  });
});
