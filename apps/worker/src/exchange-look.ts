import { type ExchangePage, PAGE_ROWS, readInstant } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { CallTerms, UpbitRestClient } from '@candlekeep/exchange-client';
import type { MarketCode, Series } from '@candlekeep/market';
import type { SecondLook } from './page-proof';

/** What the worker asks of the exchange for candles: the way out, narrow enough for another exchange to stand in. */
export type PageExchange = Pick<UpbitRestClient, 'getCandles' | 'forward'>;

/** The cache server's time, and this process' monotonic time when it had arrived here. */
export interface ClockReading {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** A page, and when it was asked for, epoch ms by the cache server's clock; early by at most one reply's way, never late. */
export interface TimedPage {
  readonly page: ExchangePage;
  readonly askedMs: number;
}

/** The questions that one job puts to the exchange: all on the cache server's clock, all counted. */
export class ExchangeLook implements SecondLook {
  private asked = 0;

  constructor(
    private readonly parts: {
      readonly exchange: PageExchange;
      readonly clock: Clock;
      readonly cacheClock: ClockReading;
      readonly terms: CallTerms;
    },
  ) {}

  /** Calls so far. */
  get calls(): number {
    return this.asked;
  }

  /** Asks for one full page: the newest rows, or those before an instant. */
  async read(series: Series, toMs: number | undefined): Promise<TimedPage> {
    const { exchange, clock, cacheClock, terms } = this.parts;
    const bound = toMs === undefined ? {} : { toMs };
    this.asked += 1;
    const read = await exchange.getCandles({ series, ...bound, count: PAGE_ROWS, ...terms });
    const { candles, readAtMs, askedMonotonicMs } = read;
    const askedMs = Math.floor(cacheClock.nowMs + askedMonotonicMs - cacheClock.monotonicMs);
    const tookMs = clock.monotonicMs() - askedMonotonicMs;
    const readAt = readInstant({ dateMs: readAtMs, askedMs, tookMs });
    return { page: { series, ...bound, requested: PAGE_ROWS, candles, readAt }, askedMs };
  }

  async page(series: Series, toMs: number | undefined): Promise<ExchangePage> {
    return (await this.read(series, toMs)).page;
  }

  async hasTraded(market: MarketCode): Promise<boolean> {
    const { exchange, terms } = this.parts;
    this.asked += 1;
    const query = `market=${market}&count=1`;
    const { status, body } = await exchange.forward({ path: '/v1/trades/ticks', query, ...terms });
    return status === 200 && body !== '[]';
  }
}
