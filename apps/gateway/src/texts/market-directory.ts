import type { FailureLog, TextAnswerCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { textAnswerName } from '@candlekeep/jobs';
import type { Lane, MarketCode } from '@candlekeep/market';
import { background, type Logger } from '@candlekeep/telemetry';
import { z } from 'zod';
import type { TextAnswers } from './text-answers';
import type { TextWish } from './text-question';

/** How old the list of markets may be that is served and believed, ms. Listings change a few times a week. */
export const MARKET_LIST_MAX_AGE_MS = 24 * 3_600_000;
/** A market is called unknown only by a list at most this old, ms. */
const DOUBT_MS = 10_000;
/** A caller who then waits for candles as well (8 s) hears something before common clients hang up (10 s). */
const DOUBT_PATIENCE_MS = 1_500;
const RELOAD_EVERY_MS = 30_000;

const list = z.array(z.object({ market: z.string() }));

interface Known {
  readonly markets: ReadonlySet<string>;
  /** When the list was loaded into this process, monotonic ms, less its age at that moment. */
  readonly seenMonotonicMs: number;
}

export interface MarketDirectoryParts {
  readonly answers: Pick<TextAnswers, 'read'>;
  readonly cache: Pick<TextAnswerCache, 'find' | 'forget'>;
  readonly clock: Clock;
  readonly failures: FailureLog;
  readonly log: Logger;
}

/**
 * Which markets the exchange lists, from its own list, so that questions about unknown ones cost no candle call. It doubts
 * itself: before it calls a market unknown, the list is at most ten seconds old; while it has no list, every market may exist.
 */
export class MarketDirectory {
  private known: Known | undefined;
  private stopReloading: () => void = () => undefined;

  constructor(private readonly parts: MarketDirectoryParts) {}

  /** Begins to follow the list that other processes load. */
  start(): void {
    const { clock, log } = this.parts;
    const reload = (): void => {
      background(log, 'reloading the list of markets', this.reload());
    };
    reload();
    this.stopReloading = clock.every(RELOAD_EVERY_MS, reload);
  }

  close(): Promise<void> {
    this.stopReloading();
    return Promise.resolve();
  }

  /** False only when a list that is at most ten seconds old lacks the market. `lane` is that of whoever asks. */
  async mayExist(market: MarketCode, lane: Lane = 'bot'): Promise<boolean> {
    if (this.known === undefined || this.known.markets.has(market)) return true;
    if (this.ageMs(this.known) <= DOUBT_MS) return false;
    try {
      await this.refresh({ maxAgeMs: DOUBT_MS, patienceMs: DOUBT_PATIENCE_MS, lane });
    } catch (error) {
      this.parts.failures.heed('the list of markets could not be refreshed', error);
      return true;
    }
    return this.known.markets.has(market);
  }

  /** As {@link mayExist}, by a list that is loaded for it where there is none yet: for what is kept under a market's name. */
  async isListed(market: MarketCode): Promise<boolean> {
    try {
      const wish = { maxAgeMs: MARKET_LIST_MAX_AGE_MS, patienceMs: DOUBT_PATIENCE_MS };
      if (this.known === undefined) await this.refresh({ ...wish, lane: 'bot' });
    } catch (error) {
      this.parts.failures.heed('the list of markets could not be loaded', error);
    }
    return await this.mayExist(market);
  }

  /** The exchange itself called a market unknown: the list may have changed. */
  heedUnknown(market: MarketCode): void {
    const isNews = this.known === undefined || this.known.markets.has(market);
    if (!isNews) return;
    background(
      this.parts.log,
      'refreshing the list of markets',
      this.refresh({ maxAgeMs: 0, lane: 'refresh' }),
    );
  }

  private async refresh(wish: TextWish): Promise<void> {
    const { answers, cache } = this.parts;
    const before = this.known?.markets;
    const { body, ageMs } = await answers.read(plain, wish);
    this.know(body, ageMs);
    if (areSame(before, this.known?.markets)) return;
    await cache.forget(textAnswerName({ kind: 'markets', details: true, freshSinceMs: 0 }));
  }

  private async reload(): Promise<void> {
    const { nowMs, answer } = await this.parts.cache.find(
      textAnswerName({ ...plain, freshSinceMs: 0 }),
    );
    if (answer !== undefined) this.know(answer.body, nowMs - answer.seenAtMs);
    if (this.known !== undefined && this.ageMs(this.known) > MARKET_LIST_MAX_AGE_MS) {
      await this.refresh({ maxAgeMs: MARKET_LIST_MAX_AGE_MS, lane: 'refresh' });
    }
  }

  private know(body: string, ageMs: number): void {
    const markets = new Set(list.parse(JSON.parse(body)).map(({ market }) => market));
    this.known = { markets, seenMonotonicMs: this.parts.clock.monotonicMs() - ageMs };
  }

  private ageMs({ seenMonotonicMs }: Known): number {
    return this.parts.clock.monotonicMs() - seenMonotonicMs;
  }
}

const plain = { kind: 'markets', details: false } as const;

function areSame(a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): boolean {
  return a.size === b.size && [...a].every((market) => b.has(market));
}
