// The limiter that comes to mind first: ten calls in each second of the server's clock. Each process keeps to it, all of them
// together keep to it, and across the edge of two seconds twenty calls go out at once.
const LIMIT = 10;
const SCRIPT = `
local time = redis.call('TIME')
local key = KEYS[1] .. ':' .. time[1]
redis.call('EXPIRE', key, 5)
local used = redis.call('INCR', key)
if used <= ${LIMIT} then return 0 end
return 1001 - math.floor(time[2] / 1000)
`;

export class FixedWindowLimiter {
  constructor(redis, policy, clock) {
    this.redis = redis;
    this.key = `fixed-window:${policy.egressId}:${policy.group}`;
    this.clock = clock;
  }

  async take(signal) {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await this.redis.eval(SCRIPT, 1, this.key);
      if (waitMs === 0) break;
      await this.clock.sleep(waitMs, signal);
    }
    const nowMs = this.clock.monotonicMs();
    return {
      token: this.clock.token(),
      sendBeforeMonotonicMs: nowMs + 2_500,
      answerBeforeMonotonicMs: nowMs + 5_000,
    };
  }

  async release() {
    return 0;
  }

  async wake() {}
}
