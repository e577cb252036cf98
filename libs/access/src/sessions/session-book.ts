import { hash } from 'node:crypto';
import { secretBytes } from '@candlekeep/clock';
import { keys, readOwnText, type RedisConnection } from '@candlekeep/redis';
import { onServer } from '../access-unavailable';

const TOKEN_BYTES = 32;
const KEY_ID = /^[\w-]{1,64}$/;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** How long a login holds, ms: 12 hours. */
export const SESSION_MS = 12 * 3_600_000;

/**
 * Logins of people, in Redis, so that any gateway knows them. Of the token that the browser holds only the hash is kept. Methods reject
 * with `AccessUnavailable`.
 */
export class SessionBook {
  /** @param redis `command` connection to the server that never evicts */
  constructor(private readonly redis: RedisConnection) {}

  /** The token of a new session of whoever showed this key. */
  async open(keyId: string): Promise<string> {
    const token = secretBytes(TOKEN_BYTES).toString('base64url');
    await this.ask('keep a login', () =>
      this.redis.set(nameOf(token), keyId, 'PX', SESSION_MS, 'NX'),
    );
    return token;
  }

  /** The id of the key that the session was opened with; undefined when there is no such session any more. */
  async find(token: string): Promise<string | undefined> {
    if (!TOKEN.test(token)) return undefined;
    return await this.ask('read a login', () =>
      readOwnText(this.redis, nameOf(token), requireKeyId),
    );
  }

  async end(token: string): Promise<void> {
    if (TOKEN.test(token)) await this.ask('end a login', () => this.redis.del(nameOf(token)));
  }

  private async ask<Reply>(task: string, work: () => Promise<Reply>): Promise<Reply> {
    return await onServer(task, 'REDIS_URL', work);
  }
}

function requireKeyId(text: string): string {
  if (KEY_ID.test(text)) return text;
  throw new TypeError('a login holds no key id: expected 1 to 64 letters, digits, - or _');
}

function nameOf(token: string): string {
  return keys.session(hash('sha256', token));
}
