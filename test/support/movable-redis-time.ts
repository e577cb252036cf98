import { createHash } from 'node:crypto';
import { type RedisConnection } from '@candlekeep/redis';

const REAL_TIME = "redis.call('TIME')";

/**
 * A clock for the scripts that run through `connection`: it stands still until the test moves it, forward or backward. The data
 * are the server's own; expiries go on by the server's own clock, and commands that are no scripts see the real time. Several
 * connections share one clock when they are given the same key.
 */
export class MovableRedisTime {
  readonly connection: RedisConnection;
  /** Digest of a script as its author knows it -> the text that was sent in its place. */
  private readonly texts = new Map<string, string>();

  /** @param key where the time stands on the server; a key of its own, which nobody deletes */
  constructor(
    private readonly redis: RedisConnection,
    private readonly key: string,
  ) {
    this.connection = new Proxy(redis, {
      get: (target, name) => {
        if (name === 'evalsha') return this.evalsha;
        if (name === 'eval') return this.eval;
        const value: unknown = Reflect.get(target, name);
        return value;
      },
    });
  }

  /** Sets the time to `nowMs`, whole epoch ms. */
  async moveTo(nowMs: number): Promise<void> {
    await this.redis.set(this.key, nowMs);
  }

  private readonly evalsha = async (digest: string, ...args: ScriptArgs): Promise<unknown> => {
    const text = this.texts.get(digest);
    if (text === undefined) throw new Error(`NOSCRIPT ${digest} was not sent through this clock`);
    try {
      return await this.redis.evalsha(digestOf(text), ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.redis.eval(text, ...args);
    }
  };

  private readonly eval = async (text: string, ...args: ScriptArgs): Promise<unknown> => {
    const moved = this.clockOf() + text.replaceAll(REAL_TIME, 'movableTime()');
    this.texts.set(digestOf(text), moved);
    return await this.redis.eval(moved, ...args);
  };

  private clockOf(): string {
    return `
      local function movableTime()
        local now = tonumber(redis.call('GET', '${this.key}') or '0')
        return { string.format('%d', math.floor(now / 1000)), string.format('%d', now % 1000 * 1000) }
      end
    `;
  }
}

type ScriptArgs = [numkeys: number, ...args: (string | number)[]];

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
