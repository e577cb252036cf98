import type { RedisConnection } from '@candlekeep/redis';

/** How the limiter's own script begins, after what it shares with others. */
const TAKE = '--[[\ntake: ';

/** Grants by the windows of the server's clock: as many calls as are allowed in each, whenever the last one's were made. */
const FIXED_WINDOW = `
  local limit, windowMs = tonumber(ARGV[1]), tonumber(ARGV[2])
  local time = redis.call('TIME')
  local nowMs = time[1] * 1000 + time[2] / 1000
  local window = math.floor(nowMs / windowMs)
  local now = string.format('%.3f', nowMs)
  if redis.call('HINCRBY', KEYS[5], 'window:' .. window, 1) <= limit then
    return { now, 'granted', '0', '' }
  end
  return { now, 'waiting', string.format('%.3f', (window + 1) * windowMs - nowMs), 'busy' }
`;

/** A connection on which the limiter's script that grants permits has been replaced by one that is known to be wrong. */
export function withFixedWindow(redis: RedisConnection): RedisConnection {
  const evalsha = (digest: string): Promise<never> =>
    Promise.reject(new Error(`NOSCRIPT ${digest} is always sent as text here`));
  const evaluate = (text: string, ...args: [numkeys: number, ...args: (string | number)[]]) =>
    redis.eval(text.includes(TAKE) ? FIXED_WINDOW : text, ...args);
  return new Proxy(redis, {
    get: (target, name) => {
      if (name === 'evalsha') return evalsha;
      if (name === 'eval') return evaluate;
      const value: unknown = Reflect.get(target, name);
      return value;
    },
  });
}
