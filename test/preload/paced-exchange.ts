import type { Clock } from '@candlekeep/clock';
import {
  type CallLimiter,
  type CallTerms,
  type CandlePage,
  type CandlePageQuery,
  ExchangePaused,
  ExchangeRateLimited,
  ExchangeUnavailable,
  type ForwardedAnswer,
} from '@candlekeep/exchange-client';
import { type Candle, type Lane, LANES, type Series } from '@candlekeep/market';
import { type CallEnding, NoPermit, type Permit } from '@candlekeep/rate-limiter';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import type { SeededRandom } from '../support/seeded-random';
import { drawLatency, type LatencyProfile } from './latency';
import { SharedDemand } from './shared-demand';

/** One call of the exchange, and what it showed. */
export interface ReplayCall {
  readonly lane: Lane;
  readonly series: Series;
  /** Undefined for the newest rows. */
  readonly toMs: number | undefined;
  /** When it was sent, epoch ms. */
  readonly sentMs: number;
  /** The open of the oldest row that it showed; undefined for an empty page. */
  readonly oldestMs: number | undefined;
}

/** What the exchange is like for a while. */
export type ExchangeMood = 'well' | 'down' | 'refusing';

/** What an exchange shows at an instant, newest first. */
export interface Shown {
  show(series: Series, asked: { beforeMs: number; count: number }, nowMs: number): Candle[];
}

export interface PacedExchangeParts {
  readonly shown: Shown;
  readonly limiter: CallLimiter;
  readonly clock: Clock;
  readonly latency: LatencyProfile;
  readonly random: SeededRandom;
  /** By how much its clock is ahead of the cache server's, ms. */
  readonly aheadMs: number;
  readonly onCall: (call: ReplayCall) => void;
}

/** An exchange behind the limiter, in virtual time: each call waits for its permit and takes its time; half the way is there, half back. */
export class PacedExchange implements PageExchange {
  mood: ExchangeMood = 'well';

  constructor(private readonly parts: PacedExchangeParts) {}

  async getCandles(query: CandlePageQuery & CallTerms): Promise<CandlePage> {
    const { series, toMs, count } = query;
    const { clock, shown, aheadMs, onCall } = this.parts;
    const { demand } = query;
    const lane = demand instanceof SharedDemand ? demand.lane : LANES[demand.rank];
    return await this.call(query, async (wayMs) => {
      const [sentMs, askedMonotonicMs] = [clock.nowMs(), clock.monotonicMs()];
      await clock.sleep(wayMs / 2);
      const atMs = clock.nowMs() + aheadMs;
      const candles = shown.show(series, { beforeMs: toMs ?? Infinity, count }, atMs).reverse();
      await clock.sleep(wayMs / 2);
      onCall({ lane: lane ?? 'backfill', series, toMs, sentMs, oldestMs: candles[0]?.openMs });
      return { candles, readAtMs: Math.floor(atMs / 1_000) * 1_000, askedMonotonicMs };
    });
  }

  async forward(query: CallTerms): Promise<ForwardedAnswer> {
    const { clock } = this.parts;
    return await this.call(query, async (wayMs) => {
      const askedMonotonicMs = clock.monotonicMs();
      await clock.sleep(wayMs);
      return { status: 200, body: '[{}]', askedMonotonicMs };
    });
  }

  private async call<Answer>(
    terms: CallTerms,
    answer: (wayMs: number) => Promise<Answer>,
  ): Promise<Answer> {
    const { latency, random, clock, limiter } = this.parts;
    const permit = await this.take(terms);
    const wayMs = drawLatency(latency, random);
    if (this.mood !== 'well') return await this.fail(permit, wayMs);
    const answered = await answer(wayMs);
    // In the order of the product: it is told in the background.
    void limiter.release(permit, ANSWERED);
    terms.signal.throwIfAborted();
    if (clock.monotonicMs() > permit.answerBeforeMonotonicMs)
      throw new Error('a call took longer than its permit');
    return answered;
  }

  private async take({ signal, demand }: CallTerms): Promise<Permit> {
    try {
      return await this.parts.limiter.take(signal, demand);
    } catch (error) {
      if (error instanceof NoPermit) throw new ExchangePaused(error);
      throw error;
    }
  }

  private async fail(permit: Permit, wayMs: number): Promise<never> {
    const { limiter, clock } = this.parts;
    await clock.sleep(wayMs);
    if (this.mood === 'refusing') {
      const pausedMs = await limiter.release(permit, { kind: 'rate-limited' });
      throw new ExchangeRateLimited('too many requests', pausedMs);
    }
    await limiter.release(permit, { kind: 'failed' });
    throw new ExchangeUnavailable('the exchange is under maintenance');
  }
}

const ANSWERED: CallEnding = { kind: 'answered' };
