import type { Clock } from '@candlekeep/clock';
import { forgetPoison, isPoisonedReply, keys, type RedisConnection } from '@candlekeep/redis';
import { background, type Count, type Logger } from '@candlekeep/telemetry';
import { dayOf } from './day';

export interface DayCountsParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What happened in the last second of a process that is killed is lost. */
const TELL_EVERY_MS = 1_000;
/** So that yesterday can still be looked at, wherever on earth it is yesterday. */
const KEPT_MS = 3 * 24 * 3_600_000;

interface Followed {
  readonly field: string;
  readonly count: Count;
  /** What the day knows of it. */
  told: number;
}

/**
 * Adds what this process counts to what all processes together count today (UTC), once a second. Whoever counts adds to an integer in
 * memory and knows nothing of this.
 */
export class DayCounts {
  private readonly followed: Followed[] = [];
  private stopTelling: () => void = () => undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly parts: DayCountsParts) {}

  /** Has what this counter grows by, from now on, added to `field`. Several counters may add to one field. */
  follow(field: string, count: Count): void {
    this.followed.push({ field, count, told: count.value });
  }

  /** Begins to tell. */
  start(): void {
    const { clock, log } = this.parts;
    let isTelling = false;
    this.stopTelling = clock.every(TELL_EVERY_MS, () => {
      if (isTelling) return;
      isTelling = true;
      this.telling = this.tell().finally(() => {
        isTelling = false;
      });
      background(log, 'adding to what was counted today', this.telling);
    });
  }

  /**
   * Tells what has not been told. Rejects with ioredis' error; what was not told then is told with the next, and so is what was to be added to
   * something that is no count.
   */
  async tell(): Promise<void> {
    const grown = this.followed
      .map((one) => ({ one, value: one.count.value }))
      .filter(({ one, value }) => value > one.told);
    if (grown.length === 0) return;
    const { redis, clock } = this.parts;
    const key = keys.dayCounts(dayOf(clock.nowMs()));
    const order = redis.multi();
    for (const { one, value } of grown) order.hincrby(key, one.field, value - one.told);
    // All or nothing. A connection that breaks before the reply leaves open which: then it is told again, once too often at worst.
    const replies = (await order.pexpire(key, KEPT_MS).exec()) ?? [];
    const refused = grown.flatMap(({ one, value }, index) => {
      const [error] = replies[index] ?? [];
      if (error instanceof Error) return [{ field: one.field, error }];
      one.told = value;
      return [];
    });
    const [first] = refused;
    if (first === undefined) return;
    const { error } = first;
    if (!isPoisonedReply(error)) throw error;
    const isHash = !error.message.startsWith('WRONGTYPE');
    const fields = refused.map(({ field }) => field);
    await forgetPoison(redis, { keys: [key], error, ...(isHash ? { fields } : {}) });
  }

  /** Tells the rest, if the server is there to hear it. */
  async close(): Promise<void> {
    this.stopTelling();
    await this.telling.catch(() => undefined);
    await this.tell().catch((error: unknown) => {
      this.parts.log.warn('what was counted in the last second is not told', { error });
    });
  }
}
