import type { Clock } from '@candlekeep/clock';
import { type LiveStatus, readStatus } from '@candlekeep/feed';
import { CandlekeepError, type MarketCode } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';

/** No process tells that it follows the exchange's stream. */
export class LiveAway extends CandlekeepError {
  readonly code = 'LIVE_AWAY';
  readonly retryable = true;
}

/** How long a status that was read is taken for the present one, ms. */
const BELIEVED_MS = 1_000;

interface Read {
  readonly atMs: number;
  readonly markets: Promise<ReadonlySet<MarketCode>>;
}

/** What the process that follows the exchange's stream says of itself. */
export class LiveReader {
  private last: Read | undefined;

  constructor(private readonly parts: { readonly redis: RedisConnection; readonly clock: Clock }) {}

  /** Rejects with {@link LiveAway}, or ioredis' error. */
  async status(): Promise<LiveStatus> {
    const status = await readStatus(this.parts.redis);
    if (status !== undefined) return status;
    throw new LiveAway(
      'no live process has told of itself in the last 5 s: none runs (npm run start:live), or the one that leads cannot follow the stream yet (its log says why); answers come by REST meanwhile',
    );
  }

  /** Whether somebody follows this market on the exchange's stream, as of a second ago at most. */
  async follows(market: MarketCode): Promise<boolean> {
    return (await this.markets()).has(market);
  }

  private async markets(): Promise<ReadonlySet<MarketCode>> {
    const nowMs = this.parts.clock.monotonicMs();
    if (this.last === undefined || nowMs - this.last.atMs >= BELIEVED_MS) {
      this.last = { atMs: nowMs, markets: this.readMarkets() };
    }
    return await this.last.markets;
  }

  private async readMarkets(): Promise<ReadonlySet<MarketCode>> {
    const status = await readStatus(this.parts.redis);
    return new Set(status?.markets.map(({ market }) => market) ?? []);
  }
}
