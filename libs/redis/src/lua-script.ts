import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
   */
  constructor(
    files: string | readonly string[],
    private readonly parseReply: (reply: unknown) => Reply,
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
    return this.parseReply(await this.evaluate(redis, keys, args));
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

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
