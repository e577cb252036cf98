import { KeyBook, KnownKeys, migrateAccess, Quotas, SessionBook } from '@candlekeep/access';
import type { Clock } from '@candlekeep/clock';
import { isLoopback } from '@candlekeep/lifecycle';
import type { Pool } from '@candlekeep/postgres';
import type { RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import type { GatewayEnv } from '../env';
import { Callers } from './callers';
import { Gate } from './gate';
import { QueryKeys } from './query-key';
import { securityHeaders } from './security-headers';
import { StreamPasses } from './stream-passes';
import { UnderWay } from './under-way';
import { Upgrades } from './upgrades';

export interface AccessParts {
  readonly env: Pick<GatewayEnv, 'HOST' | 'AUTH' | 'AUTH_QUERY_KEY' | 'ADMIN_HOST' | 'ADMIN_PORT'>;
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
  readonly keys: KnownKeys;
  readonly sessions: SessionBook;
  readonly gate: Gate;
  readonly queryKeys: QueryKeys;
  readonly passes: StreamPasses;
  readonly underWay = new UnderWay();
  /** Admits to the exchange's stream. */
  readonly upgrades: Upgrades;

  private constructor(
    parts: Pick<Access, 'keys' | 'sessions' | 'gate' | 'queryKeys' | 'passes' | 'upgrades'>,
  ) {
    this.keys = parts.keys;
    this.sessions = parts.sessions;
    this.gate = parts.gate;
    this.queryKeys = parts.queryKeys;
    this.passes = parts.passes;
    this.upgrades = parts.upgrades;
  }

  /** Brings the table of keys up to date and reads it. Throws {@link NoKeyYet} where nobody could ask anything. */
  static async open({ env, pool, redis, clock, log }: AccessParts): Promise<Access> {
    await migrateAccess(pool, log);
    const keys = new KnownKeys({ book: new KeyBook(pool), clock, log });
    await keys.start();
    const sessions = new SessionBook(redis);
    const queryKeys = new QueryKeys();
    const takesQueryKeys = env.AUTH_QUERY_KEY === 'on';
    const callers = new Callers({ keys, sessions, queryKeys, takesQueryKeys });
    const quotas = new Quotas({ redis, clock, log });
    const gate = new Gate({
      ...{ callers, quotas },
      headers: await securityHeaders(),
      rules: rulesOf(env),
    });
    const passes = new StreamPasses(keys);
    const upgrades = new Upgrades({ gate, callers, quotas, passes });
    const access = new Access({ keys, sessions, gate, queryKeys, passes, upgrades });
    if (env.AUTH === 'off' || isLoopback(env.HOST) || keys.size > 0) return access;
    await access.close();
    throw new NoKeyYet(
      `HOST is ${env.HOST}, so others can reach this gateway, and there is no key to ask it with: make one with "npm run keys -- create --name me --scope admin" and start again. AUTH=off lets everybody who can reach it ask, and change what is not the administration's.`,
    );
  }

  async close(): Promise<void> {
    await this.keys.close();
  }
}

function rulesOf({ HOST, AUTH, ADMIN_HOST, ADMIN_PORT }: AccessParts['env']) {
  return {
    wantsKeys: AUTH === 'keys',
    isLocal: { main: isLoopback(HOST), admin: isLoopback(ADMIN_HOST) },
    hasAdminDoor: ADMIN_PORT !== undefined,
  };
}
