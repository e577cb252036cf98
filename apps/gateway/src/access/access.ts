import { KeyBook, KnownKeys, migrateAccess, Quotas, SessionBook } from '@candlekeep/access';
import type { Clock } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import type { RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import type { GatewayEnv } from '../env';
import { Callers } from './callers';
import { Gate } from './gate';
import { isLoopback } from './loopback';
import { QueryKeys } from './query-key';
import { securityHeaders } from './security-headers';

export interface AccessParts {
  readonly env: Pick<
    GatewayEnv,
    'HOST' | 'AUTH' | 'AUTH_QUERY_KEY' | 'ADMIN_HOST' | 'ADMIN_PORT' | 'CORS_ORIGINS'
  >;
  readonly pool: Pool;
  /** `command` connection to the server that never evicts. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A gateway that others can reach was told to ask for keys, and there is none. Stops a start. */
export class NoKeyYet extends Error {
  override readonly name = 'NoKeyYet';
  readonly code = 'NO_KEY_YET';
  readonly retryable = true;
}

/** Who may ask this gateway: its keys, the logins of people, and the gate before everything. */
export class Access {
  private constructor(
    readonly keys: KnownKeys,
    readonly sessions: SessionBook,
    readonly gate: Gate,
    readonly queryKeys: QueryKeys,
  ) {}

  /** Brings the table of keys up to date and reads it. Throws {@link NoKeyYet} where nobody could ask anything. */
  static async open({ env, pool, redis, clock, log }: AccessParts): Promise<Access> {
    await migrateAccess(pool, log);
    const keys = new KnownKeys({ book: new KeyBook(pool), clock, log });
    await keys.start();
    const sessions = new SessionBook(redis);
    const queryKeys = new QueryKeys();
    const takesQueryKeys = env.AUTH_QUERY_KEY === 'on';
    const gate = new Gate({
      callers: new Callers({ keys, sessions, queryKeys, takesQueryKeys }),
      quotas: new Quotas({ redis, clock, log }),
      headers: await securityHeaders(),
      rules: rulesOf(env),
    });
    const access = new Access(keys, sessions, gate, queryKeys);
    if (env.AUTH === 'off' || isLoopback(env.HOST) || keys.size > 0) return access;
    await access.close();
    throw new NoKeyYet(
      `HOST is ${env.HOST}, so others can reach this gateway, and there is no key to ask it with: make one with "npm run keys -- create --name me --scope admin" and start again. AUTH=off lets everybody ask who can reach it.`,
    );
  }

  async close(): Promise<void> {
    await this.keys.close();
  }
}

function rulesOf({ HOST, AUTH, ADMIN_HOST, ADMIN_PORT, CORS_ORIGINS }: AccessParts['env']) {
  return {
    wantsKeys: AUTH === 'keys',
    isLocal: { main: isLoopback(HOST), admin: isLoopback(ADMIN_HOST) },
    hasAdminDoor: ADMIN_PORT !== undefined,
    origins: CORS_ORIGINS,
  };
}
