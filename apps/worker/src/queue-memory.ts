import type { Logger } from '@candlekeep/telemetry';

const POLICY = /^maxmemory_policy:(\S+)/m;
const SAFE = 'noeviction';

/**
 * Says in the log when the server of jobs and permits may drop keys to make room: everything would rest while the limiter finds its
 * memory again, and jobs would run twice. `info` is the server's reply to `INFO memory`; one that does not tell is let pass.
 */
export function warnOfEviction(info: string, log: Logger): void {
  const policy = POLICY.exec(info)?.[1] ?? SAFE;
  if (policy === SAFE) return;
  log.warn(
    `the Redis of REDIS_URL may drop jobs and permits to make room (maxmemory-policy ${policy}): set it to ${SAFE}, and keep candles on another server (REDIS_CACHE_URL)`,
  );
}
