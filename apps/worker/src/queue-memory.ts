import { QUEUE_POLICY, type ServerFacts } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';

/**
 * Says in the log when the server of jobs and permits may drop keys to make room: everything would rest while the limiter finds its
 * memory again, and jobs would run twice. A server that does not tell its policy is let pass.
 */
export function warnOfEviction(
  { evictionPolicy = QUEUE_POLICY }: Pick<ServerFacts, 'evictionPolicy'>,
  log: Logger,
): void {
  if (evictionPolicy === QUEUE_POLICY) return;
  log.warn(
    `the Redis of REDIS_URL may drop jobs and permits to make room (maxmemory-policy ${evictionPolicy}): set it to ${QUEUE_POLICY}, and keep candles on another server (REDIS_CACHE_URL)`,
  );
}
