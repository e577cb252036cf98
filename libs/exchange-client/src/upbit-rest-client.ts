import type { Clock } from '@candlekeep/clock';
import type { Candle, MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { findRemainingInSecond, readAtMs } from './answer-headers';
import type { CallTerms } from './call-terms';
import { readCandlePage } from './candle-page';
import { type CandlePageQuery, candleTarget } from './candle-request';
import { ExchangeTransport } from './exchange-transport';
import {
  findDeclinedStatus,
  type ForwardQuery,
  forwardTarget,
  requireList,
} from './forward-request';
import { byLimitGroup, type LimitGroup } from './limit-group';
import {
  type MarketList,
  type MarketListQuery,
  marketListTarget,
  readMarketList,
} from './market-list';
import { type CallLimiter, type EndedCall, type MeteredCall, MeteredCalls } from './metered-calls';
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
  /** Hears of each call that was sent. */
  readonly onCall?: (group: LimitGroup, call: EndedCall) => void;
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

/** The exchange's time. */
export interface ExchangeTime extends CallFacts {
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

/**
 * Asks the exchange's REST interface. Each request sends at most one call, with a permit of its own; nothing is repeated
 * here. Rejects with an {@link ExchangeError}, or with the signal's reason. An error is never an empty list.
 */
export class UpbitRestClient {
  private readonly transport: ExchangeTransport;
  private readonly calls: Readonly<Record<LimitGroup, MeteredCalls>>;

  constructor(options: UpbitRestClientOptions) {
    const { baseUrl, version, limiters, clock, log, onCall } = options;
    const transport = new ExchangeTransport(baseUrl, `candlekeep/${version}`);
    this.transport = transport;
    this.calls = byLimitGroup(
      (group) =>
        new MeteredCalls({
          ...{ group, limiter: limiters[group], transport, clock, log },
          onEnd: (call) => onCall?.(group, call),
        }),
    );
  }

  /** One page of candles. Rejects with `InvalidValue`, before any call, for a count that is not 1 to 200. */
  async getCandles(query: CandlePageQuery & CallTerms): Promise<CandlePage> {
    const call = await this.calls.candles.run(candleTarget(query), query);
    requireAccepted(call, query.series.market);
    const answeredMs = readAtMs(call.answer);
    const candles = readCandlePage(call.answer, query, answeredMs);
    return { candles, readAtMs: answeredMs, ...factsOf(call) };
  }

  /** Every listed market. */
  async getMarketList(query: MarketListQuery & CallTerms): Promise<MarketList & CallFacts> {
    const call = await this.calls.market.run(marketListTarget(query), query);
    requireAccepted(call);
    return { ...readMarketList(call.answer, query), ...factsOf(call) };
  }

  /**
   * Passes a question of someone else on, in its own words and without its headers. Rejects with `InvalidValue`, before
   * any call, for a path that is not passed on and for a query that could not arrive unchanged.
   */
  async forward(query: ForwardQuery & CallTerms): Promise<ForwardedAnswer> {
    const { group, target } = forwardTarget(query);
    const call = await this.calls[group].run(target, query);
    const declined = findDeclinedStatus(call.answer);
    if (declined === undefined) {
      requireAccepted(call);
      requireList(call.answer);
    }
    return { status: declined ?? 200, body: call.answer.body, ...factsOf(call) };
  }

  /** What time it is there, by the cheapest call that there is (700 bytes): no call of its own tells it. Costs one call of group `ticker`. */
  async getTime(terms: CallTerms): Promise<ExchangeTime> {
    const { group, target } = forwardTarget({ path: '/v1/ticker', query: 'markets=KRW-BTC' });
    const call = await this.calls[group].run(target, terms);
    requireAccepted(call);
    return { readAtMs: readAtMs(call.answer), ...factsOf(call) };
  }

  /** Ends the kept connections. */
  close(): void {
    this.transport.close();
  }
}

function requireAccepted({ answer, pausedMs }: MeteredCall, market?: MarketCode): void {
  const refusal = findRefusal(answer, {
    ...(market === undefined ? {} : { market }),
    ...(pausedMs === undefined ? {} : { pausedMs }),
  });
  if (refusal !== undefined) throw refusal;
}

function factsOf({ answer, askedMonotonicMs }: MeteredCall): CallFacts {
  const remainingInSecond = findRemainingInSecond(answer);
  return { askedMonotonicMs, ...(remainingInSecond === undefined ? {} : { remainingInSecond }) };
}
