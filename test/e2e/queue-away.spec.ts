import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { CleanUp } from '../support/clean-up';
import { House } from '../support/house';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { redisDatabases } from '../support/redis-databases';

const LATEST = '/v1/candles/minutes/1?market=KRW-ETH&count=20';
const withCacheControl = (text: string) => ({ 'cache-control': text });
const clock = new SystemClock();

describe('while the queue server is away and the cache server answers', () => {
  let queue: OwnQueueRedis;
  let house: House;
  const cleanUp = new CleanUp();

  beforeAll(async () => {
    queue = await OwnQueueRedis.start();
    cleanUp.add(() => queue.close());
    house = await House.start({ redisDatabase: redisDatabases.queueAway, queueUrl: queue.url });
    cleanUp.add(() => house.close());
  });
  afterAll(async () => {
    await cleanUp.run();
  });

  it('what is known is served as old as was accepted, all else is refused at once, and it comes back by itself', async () => {
    const warm = await house.ask(LATEST, { origin: 'https://elsewhere.example' });
    expect(warm.status).toBe(200);
    expect(warm.headers['access-control-allow-origin']).toBeUndefined();
    await queue.kill();
    const startMs = clock.monotonicMs();
    const known = await house.ask(LATEST, withCacheControl('max-age=60'));
    expect([known.status, known.body]).toEqual([200, warm.body]);
    const stale = await house.ask(LATEST, withCacheControl('no-cache, stale-if-error=600'));
    expect([stale.status, stale.body]).toEqual([200, warm.body]);
    expect(stale.headers['cache-status']).toMatch(/^candlekeep; fwd=stale; ttl=-\d+; detail=l1$/);
    const refused = await house.ask(LATEST, withCacheControl('no-cache'));
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(clock.monotonicMs() - startMs).toBeLessThan(15_000);
    await queue.bringBack();
    await waitFor(async () => {
      const back = await house.ask(LATEST, withCacheControl('no-cache'));
      expect([back.status, back.headers['cache-status']]).toEqual([
        200,
        'candlekeep; fwd=miss; detail=exchange',
      ]);
    }, 40_000);
  }, 90_000);
});
