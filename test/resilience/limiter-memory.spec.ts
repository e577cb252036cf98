import { SystemClock } from '@candlekeep/clock';
import { EpisodeStage } from '../support/limiter/episode';
import type { LimiterHouse } from '../support/limiter/limiter-house';
import { proofSize } from '../support/limiter/proof-size';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { redisDatabases } from '../support/redis-databases';

const clock = new SystemClock();
const WORKERS = proofSize({ short: 2, full: 8 });
const AWAY_MS = 1_000;
const LOSSES = 3;

describe('a limiter that loses its memory in the middle of its work', () => {
  let redis: OwnQueueRedis;
  let stage: EpisodeStage;

  beforeAll(async () => {
    redis = await OwnQueueRedis.start();
    stage = await EpisodeStage.open({
      ...{ redisDatabase: redisDatabases.limiterMemory, queueUrl: redis.url, workers: WORKERS },
    });
  }, 120_000);
  afterAll(async () => {
    await stage.close();
    await redis.close();
  });
  afterEach(async () => {
    expect(await stage.violations()).toEqual([]);
  });

  const play = (name: string, happen: (house: LimiterHouse) => Promise<void>) =>
    stage.play({
      name,
      withinMs: 60_000,
      begin: async (house) => {
        await happen(house);
        return clock.nowMs();
      },
    });

  it('gets back to full speed after its keys were deleted, again and again', async () => {
    await play(`limiter keys deleted, ${LOSSES} times`, async ({ house }) => {
      for (let loss = 0; loss < LOSSES; loss += 1) {
        const found = await house.redis.queue.keys('{ck:limit*');
        expect(found.length).toBeGreaterThan(0);
        await house.redis.queue.del(found);
        await clock.sleep(AWAY_MS);
      }
    });
  }, 120_000);

  it('gets back to full speed after its server was killed and came back', async () => {
    await play('Redis killed, back after 1 s', async () => {
      await redis.kill();
      await clock.sleep(AWAY_MS);
      await redis.bringBack();
    });
  }, 120_000);

  it('gets back to full speed after a failover to a server that knows nothing', async () => {
    await play('failover to an empty server', () => redis.replace());
  }, 120_000);
});
