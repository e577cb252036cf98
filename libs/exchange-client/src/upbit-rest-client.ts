import type { Clock } from '@candlekeep/clock';
import type { Candle, Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { findRemainingInSecond, readAtMs } from './answer-headers';
import { readCandlePage } from './candle-page';
import { type CandlePageQuery, candleTarget } from './candle-request';
import { ExchangeBanned, type ExchangeError, ExchangeRateLimited } from './exchange-error';
import { type ExchangeAnswer, ExchangeTransport } from './exchange-transport';
import {
  type MarketList,
  type MarketListQuery,
  marketListTarget,
  readMarketList,
} from './market-list';
import { type CallLimiter, MeteredCalls } from './metered-calls';
import { findRefusal } from './refusal';

export interface UpbitRestClientOptions {
  /** REST base without `/v1`, such as `https://api.upbit.com`. */
  readonly baseUrl: string;
  /** Our own version, told to the exchange as `candlekeep/<version>`. */
  readonly version: string;
  /** One limiter for each of the exchange's limit groups. A permit's time is also the time-out of its call. */
  readonly limiters: Readonly<Record<LimitGroup, CallLimiter>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The exchange's names of the limit groups that are used here. */
export type LimitGroup = 'candles' | 'market';

export interface CandlePage {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** When the exchange answered, by its own clock: epoch ms, a whole second rounded down. */
  readonly readAtMs: number;
  /** When the exchange was asked, by this process' monotonic clock, ms: the rows are of this moment or later. */
  readonly askedMonotonicMs: number;
  /** Calls that the exchange still allows in its current second; missing when it did not say. */
  readonly remainingInSecond?: number;
}

/** A wait for a permit and for an answer ends when this aborts. */
interface Abortable {
  readonly signal: AbortSignal;
}

/**
 * Asks the exchange's REST interface. Each request sends at most one call, with a permit of its own; nothing is repeated
 * here. Rejects with an {@link ExchangeError}, or with the signal's reason. An error is never an empty list.
 */
export class UpbitRestClient {
  private readonly transport: ExchangeTransport;
  private readonly clock: Clock;
  private readonly calls: Readonly<Record<LimitGroup, MeteredCalls>>;

  constructor({ baseUrl, version, limiters, clock, log }: UpbitRestClientOptions) {
    this.clock = clock;
    this.transport = new ExchangeTransport(baseUrl, `candlekeep/${version}`);
    this.calls = {
      candles: new MeteredCalls({ limiter: limiters.candles, clock, log }),
      market: new MeteredCalls({ limiter: limiters.market, clock, log }),
    };
  }

  /** One page of candles. Rejects with `InvalidValue`, before any call, for a count that is not 1 to 200. */
  async getCandles(query: CandlePageQuery & Abortable): Promise<CandlePage> {
    const target = candleTarget(query);
    const { answer, askedMonotonicMs } = await this.ask('candles', target, query);
    const remainingInSecond = findRemainingInSecond(answer);
    return {
      candles: readCandlePage(answer, query),
      readAtMs: readAtMs(answer),
      askedMonotonicMs,
      ...(remainingInSecond === undefined ? {} : { remainingInSecond }),
    };
  }

  /** Every listed market. */
  async getMarketList(query: MarketListQuery & Abortable): Promise<MarketList> {
    const { answer } = await this.ask('market', marketListTarget(query), query);
    return readMarketList(answer, query);
  }

  /** Ends the kept connections. */
  close(): void {
    this.transport.close();
  }

  private async ask(
    group: LimitGroup,
    target: string,
    { signal, series }: Abortable & { readonly series?: Series },
  ): Promise<{ answer: ExchangeAnswer; askedMonotonicMs: number }> {
    const send = async (path: string, giveUp: AbortSignal) => {
      const askedMonotonicMs = this.clock.monotonicMs();
      return { answer: await this.transport.get(path, giveUp), askedMonotonicMs };
    };
    const call = await this.calls[group].run(target, send, signal);
    const refusal = findRefusal(call.answer, series?.market);
    if (refusal === undefined) return call;
    await this.heed(refusal, group);
    throw refusal;
  }

  /** A 429 speaks for its group; a block is for the IP, so for every group. Nobody learns of either before the pause stands. */
  private async heed(refusal: ExchangeError, group: LimitGroup): Promise<void> {
    if (refusal instanceof ExchangeRateLimited) {
      await this.calls[group].pause(refusal.retryAfterMs, 'rate-limited');
    }
    if (refusal instanceof ExchangeBanned) {
      const groups = Object.values(this.calls);
      await Promise.all(groups.map((calls) => calls.pause(refusal.blockedMs, 'banned')));
    }
  }
}
