import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { forgetPoison, isPoisonedReply } from './poisoned-value';
import type { RedisConnection } from './redis-connection';

/**
 * One Redis command of our own: a `.lua` file whose header states promise, KEYS, ARGV and reply. The server caches it by
 * digest; a server that has forgotten it (restart, failover, SCRIPT FLUSH) is sent the text again.
 */
export class LuaScript<Reply> {
  private readonly text: string;
  private readonly digest: string;

  /**
   * @param files absolute path of the `.lua` file, usually `path.join(__dirname, 'name.lua')`; of several the last one is the
   *   command and those before it hold what it shares with others
   * @param parseReply turns the raw reply into our type; throws when the reply has another shape
   * @param forgettable how many keys, from the first on, may vanish at any moment: when they hold what is none of ours, they are
   *   taken away, and the script runs once more. Default: none
   */
  constructor(
    files: string | readonly string[],
    private readonly parseReply: (reply: unknown) => Reply,
    private readonly forgettable: 'all' | number = 0,
  ) {
    this.text = [files].flat().map(readText).join('\n');
    this.digest = createHash('sha1').update(this.text).digest('hex');
  }

  /** Runs the script. All keys it touches are in `keys` and share one hash tag. Rejects with ioredis' error. */
  async run(
    redis: RedisConnection,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<Reply> {
    try {
      return await this.ask(redis, keys, args);
    } catch (error) {
      const own = this.forgettable === 'all' ? keys : keys.slice(0, this.forgettable);
      const isPoison = error instanceof NotOurs || isPoisonedReply(error);
      if (!isPoison || own.length === 0) throw error instanceof NotOurs ? error.cause : error;
      await forgetPoison(redis, { keys: own, error });
    }
    return this.parseReply(await this.evaluate(redis, keys, args));
  }

  private async ask(
    redis: RedisConnection,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<Reply> {
    const reply = await this.evaluate(redis, keys, args);
    try {
      return this.parseReply(reply);
    } catch (cause) {
      throw new NotOurs(cause);
    }
  }

  private async evaluate(
    redis: RedisConnection,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      return await redis.evalsha(this.digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(this.text, keys.length, ...keys, ...args);
    }
  }
}

/** A reply that the script gives of no value of ours. */
class NotOurs extends Error {
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
