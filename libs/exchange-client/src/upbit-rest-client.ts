import type { Clock } from '@candlekeep/clock';
import type { Candle, MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { findRemainingInSecond, readAtMs } from './answer-headers';
import { readCandlePage } from './candle-page';
import { type CandlePageQuery, candleTarget } from './candle-request';
import { ExchangeBanned, type ExchangeError, ExchangeRateLimited } from './exchange-error';
import { type ExchangeAnswer, ExchangeTransport } from './exchange-transport';
import {
  findDeclinedStatus,
  type ForwardQuery,
  forwardTarget,
  requireList,
} from './forward-request';
import type { LimitGroup } from './limit-group';
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

/** What is known of a call beside its answer. */
export interface CallFacts {
  /** When the exchange was asked, by this process' monotonic clock, ms: the answer is of this moment or later. */
  readonly askedMonotonicMs: number;
  /** Calls that the exchange still allows in its current second; missing when it did not say. */
  readonly remainingInSecond?: number;
}

export interface CandlePage extends CallFacts {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** When the exchange answered, by its own clock: epoch ms, a whole second rounded down. */
  readonly readAtMs: number;
}

/** An answer to be passed on as it came. */
export interface ForwardedAnswer extends CallFacts {
  /** 400 and 404 only in the exchange's own words: any other refusal is an error here. */
  readonly status: 200 | 400 | 404;
  /** The exact text: a JSON list for 200, the exchange's error object otherwise. */
  readonly body: string;
}

/** A wait for a permit and for an answer ends when this aborts. */
interface Abortable {
  readonly signal: AbortSignal;
}

interface Call {
  readonly answer: ExchangeAnswer;
  readonly askedMonotonicMs: number;
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
    const meter = (group: LimitGroup) => new MeteredCalls({ limiter: limiters[group], clock, log });
    this.clock = clock;
    this.transport = new ExchangeTransport(baseUrl, `candlekeep/${version}`);
    this.calls = {
      candles: meter('candles'),
      market: meter('market'),
      ticker: meter('ticker'),
      'crix-trades': meter('crix-trades'),
      orderbook: meter('orderbook'),
    };
  }

  /** One page of candles. Rejects with `InvalidValue`, before any call, for a count that is not 1 to 200. */
  async getCandles(query: CandlePageQuery & Abortable): Promise<CandlePage> {
    const call = await this.send('candles', candleTarget(query), query);
    await this.requireAccepted('candles', call.answer, query.series.market);
    const answeredMs = readAtMs(call.answer);
    const candles = readCandlePage(call.answer, query, answeredMs);
    return { candles, readAtMs: answeredMs, ...factsOf(call) };
  }

  /** Every listed market. */
  async getMarketList(query: MarketListQuery & Abortable): Promise<MarketList & CallFacts> {
    const call = await this.send('market', marketListTarget(query), query);
    await this.requireAccepted('market', call.answer);
    return { ...readMarketList(call.answer, query), ...factsOf(call) };
  }

  /**
   * Passes a question of someone else on, in its own words and without its headers. Rejects with `InvalidValue`, before
   * any call, for a path that is not passed on and for a query that could not arrive unchanged.
   */
  async forward(query: ForwardQuery & Abortable): Promise<ForwardedAnswer> {
    const { group, target } = forwardTarget(query);
    const call = await this.send(group, target, query);
    const declined = findDeclinedStatus(call.answer);
    if (declined === undefined) {
      await this.requireAccepted(group, call.answer);
      requireList(call.answer);
    }
    return { status: declined ?? 200, body: call.answer.body, ...factsOf(call) };
  }

  /** Ends the kept connections. */
  close(): void {
    this.transport.close();
  }

  private async send(group: LimitGroup, target: string, { signal }: Abortable): Promise<Call> {
    const send = async (path: string, giveUp: AbortSignal): Promise<Call> => {
      const askedMonotonicMs = this.clock.monotonicMs();
      return { answer: await this.transport.get(path, giveUp), askedMonotonicMs };
    };
    return this.calls[group].run(target, send, signal);
  }

  private async requireAccepted(
    group: LimitGroup,
    answer: ExchangeAnswer,
    market?: MarketCode,
  ): Promise<void> {
    const refusal = findRefusal(answer, market);
    if (refusal === undefined) return;
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

function factsOf({ answer, askedMonotonicMs }: Call): CallFacts {
  const remainingInSecond = findRemainingInSecond(answer);
  return { askedMonotonicMs, ...(remainingInSecond === undefined ? {} : { remainingInSecond }) };
}
