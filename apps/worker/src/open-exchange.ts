import { byLimitGroup, UpbitRestClient } from '@candlekeep/exchange-client';
import { RateLimiter } from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';
import { background } from '@candlekeep/telemetry';
import { version } from '../../../package.json';
import type { Metering } from './metrics/metering';
import type { WorkerStart } from './env';

/** The way to the exchange, every group of calls under the cluster's limiter. */
export interface ExchangeLink {
  readonly exchange: UpbitRestClient;
  /** A limiter without memory grants nothing for a second: lets that second begin now, not with the first caller. */
  readonly wakeLimiters: () => void;
}

/** Nothing is asked for before the first call or `wakeLimiters`; the limiters' memory lies in `redis`. */
export function openExchange(
  { env, log, clock }: WorkerStart,
  redis: RedisConnection,
  metering: Pick<Metering, 'called'>,
): ExchangeLink {
  const policy = {
    egressId: env.EGRESS_ID,
    perMinute: env.LIMIT_PER_MINUTE,
    perHour: env.LIMIT_PER_HOUR,
  };
  const limiters = byLimitGroup(
    (group) => new RateLimiter(redis, { ...policy, group }, clock, log),
  );
  const wakeLimiters = (): void => {
    for (const [group, limiter] of Object.entries(limiters)) {
      background(log, `waking the limiter of ${group}`, limiter.wake());
    }
  };
  const baseUrl = env.UPBIT_REST_URL;
  return {
    exchange: new UpbitRestClient({
      ...{ baseUrl, version, limiters, clock, log },
      onCall: (group, call) => {
        metering.called(group, call);
      },
    }),
    wakeLimiters,
  };
}
