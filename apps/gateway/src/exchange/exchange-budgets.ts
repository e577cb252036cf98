import { type EgressBudget, readBudgets } from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';

/** What the workers' limiters say of the exchange, read from the server that they share. */
export class ExchangeBudgets {
  /** @param redis `command` connection to the queue server */
  constructor(private readonly redis: RedisConnection) {}

  /** Every egress that has asked the exchange anything lately. */
  async read(): Promise<readonly EgressBudget[]> {
    return await readBudgets(this.redis);
  }
}
