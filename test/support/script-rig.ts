import {
  type CallEnding,
  GroupScripts,
  type LimitPolicy,
  type Outcome,
} from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';
import { forgetBudgets } from './forget-budgets';
import { MovableRedisTime } from './movable-redis-time';

/** The limiter's scripts of one egress at moments that a test chooses. */
export class ScriptRig {
  nowMs = 1_800_000_000_000;
  private readonly time: MovableRedisTime;
  private readonly groups = new Map<string, GroupScripts>();
  private tokens = 0;

  constructor(
    private readonly redis: RedisConnection,
    private readonly policy: LimitPolicy,
  ) {
    this.time = new MovableRedisTime(redis, `script-rig-time-of-${policy.egressId}`);
  }

  /** A connection whose scripts see the rig's time. */
  get connection(): RedisConnection {
    return this.time.connection;
  }

  /** The scripts of a group of the same egress. */
  group(name = this.policy.group): GroupScripts {
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const group = new GroupScripts(this.time.connection, { ...this.policy, group: name });
    this.groups.set(name, group);
    return group;
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    this.nowMs = Math.ceil(this.nowMs + ms);
    await this.time.moveTo(this.nowMs);
  }

  /** Begins without debts: the rest for lost memory is over, and the first call was answered. */
  async settle(name = this.policy.group): Promise<void> {
    await this.pass(0);
    await this.group(name).wake();
    await this.pass(5_000);
    await this.call({ kind: 'answered' }, name);
    await this.pass(5_000);
  }

  newToken(): string {
    this.tokens += 1;
    return `ticket-${this.tokens}`;
  }

  async ask(rank = 0, token = this.newToken(), leftMs = Infinity): Promise<Outcome> {
    return await this.group().ask({ token, rank, waitedMs: 0, leftMs });
  }

  /** Asks until a call is granted, makes it in no time, and resolves to what its ending brought. */
  async call(ending: CallEnding, name = this.policy.group): Promise<number> {
    const token = this.newToken();
    await this.granted(token, name);
    return await this.group(name).release(token, ending, 0);
  }

  /** Asks, as long as it takes, for a permit; time passes meanwhile. */
  async granted(token: string, name = this.policy.group): Promise<void> {
    for (let tries = 0; tries < 2_000; tries += 1) {
      const ask = { token, rank: 0, waitedMs: 0, leftMs: Infinity };
      const outcome = await this.group(name).ask(ask);
      await this.pass(outcome.ms);
      if (outcome.kind === 'granted') return;
    }
    throw new Error('nothing was granted in 2,000 tries');
  }

  /** How many calls are granted now, answered at once, before somebody has to wait. */
  async countGranted(): Promise<number> {
    for (let count = 0; ; count += 1) {
      const token = this.newToken();
      const outcome = await this.ask(0, token);
      if (outcome.kind !== 'granted') {
        this.group().leave(token);
        return count;
      }
      await this.group().release(token, { kind: 'answered' }, 0);
    }
  }

  async forget(): Promise<void> {
    await forgetBudgets(this.redis, this.policy.egressId);
    await this.redis.del(`script-rig-time-of-${this.policy.egressId}`);
  }
}
