import { keys, type RedisConnection } from '@candlekeep/redis';

/** How long the exchange's list of markets is served before it is asked again, ms. Listings change a few times a week. */
export const MARKET_LIST_MAX_AGE_MS = 60_000;

export interface CachedMarketList {
  /** The exchange's own body. */
  readonly body: string;
  readonly ageMs: number;
}

/** The exchange's list of markets, as it printed it, with and without details. */
export class MarketListCache {
  constructor(private readonly redis: RedisConnection) {}

  /** The list if it is younger than {@link MARKET_LIST_MAX_AGE_MS}. */
  async find(details: boolean): Promise<CachedMarketList | undefined> {
    const key = keyOf(details);
    const body = await this.redis.get(key);
    if (body === null) return undefined;
    const remainingMs = Math.max(0, await this.redis.pttl(key));
    return { body, ageMs: MARKET_LIST_MAX_AGE_MS - remainingMs };
  }

  async put(details: boolean, body: string): Promise<void> {
    await this.redis.set(keyOf(details), body, 'PX', MARKET_LIST_MAX_AGE_MS);
  }
}

function keyOf(details: boolean): string {
  return keys.marketList(details ? 'details' : 'plain');
}
