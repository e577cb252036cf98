import { type LimitGroup, UpbitRestClient } from '@candlekeep/exchange-client';
import { RateLimiter } from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';
import { background } from '@candlekeep/telemetry';
import { version } from '../../../package.json';
import type { WorkerStart } from './start-worker';

/** The way to the exchange, every group of calls under the cluster's limiter in `redis`. */
export function openExchange(
  { env, log, clock }: WorkerStart,
  redis: RedisConnection,
): UpbitRestClient {
  const limiterOf = (group: LimitGroup) => {
    const limiter = new RateLimiter(redis, { egressId: env.EGRESS_ID, group }, clock);
    // A limiter without memory grants nothing for a second: let that second begin now, not with the first caller.
    background(log, `waking the limiter of ${group}`, wake(limiter));
    return limiter;
  };
  return new UpbitRestClient({
    baseUrl: env.UPBIT_REST_URL,
    version,
    limiters: {
      candles: limiterOf('candles'),
      market: limiterOf('market'),
      ticker: limiterOf('ticker'),
      'crix-trades': limiterOf('crix-trades'),
      orderbook: limiterOf('orderbook'),
    },
    clock,
    log,
  });
}

async function wake(limiter: RateLimiter): Promise<void> {
  const outcome = await limiter.tryTake();
  if (outcome.kind === 'granted') await limiter.release(outcome.permit);
}
