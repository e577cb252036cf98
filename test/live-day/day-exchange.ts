import type { Clock } from '@candlekeep/clock';
import {
  type CallTerms,
  type CandlePage,
  type CandlePageQuery,
  ExchangeUnavailable,
  type ForwardedAnswer,
} from '@candlekeep/exchange-client';
import { type Candle, type Lane, LANES, type Series } from '@candlekeep/market';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import type { SeededRandom } from '../support/seeded-random';
import type { DayWorld } from './day-world';

/** One REST call for candles, and whom it was for. */
export interface RestCall {
  readonly atMs: number;
  readonly series: Series;
  readonly lane: Lane;
}

/** From question to exchange, and back, ms. */
const LEAST_WAY_MS = 3;
const MOST_WAY_MS = 17;

/** The simulator's REST side in virtual time: it takes a while, counts its calls, and can be down. */
export class DayExchange implements PageExchange {
  readonly calls: RestCall[] = [];
  isDown = false;
  /** Hears of each page that was answered: its call, where it ends (undefined: at the newest row), and its rows, oldest first. */
  onPage: (call: RestCall, toMs: number | undefined, rows: readonly Candle[]) => void = () =>
    undefined;

  constructor(
    private readonly world: DayWorld,
    private readonly clock: Clock,
    /** Undefined: it answers at once. */
    private readonly delays?: SeededRandom,
  ) {}

  async getCandles({
    series,
    toMs,
    count,
    demand,
  }: CandlePageQuery & CallTerms): Promise<CandlePage> {
    const { clock } = this;
    const askedMonotonicMs = clock.monotonicMs();
    const lane = LANES[demand.rank];
    if (lane === undefined) throw new RangeError(`there is no lane of rank ${demand.rank}`);
    const call = { atMs: clock.nowMs(), series, lane };
    this.calls.push(call);
    await this.way();
    const candles = this.world.show(series, { beforeMs: toMs ?? Infinity, count }, clock.nowMs());
    const readAtMs = Math.floor(clock.nowMs() / 1_000) * 1_000;
    await this.way();
    candles.reverse();
    this.onPage(call, toMs, candles);
    return { candles, readAtMs, askedMonotonicMs };
  }

  async forward(): Promise<ForwardedAnswer> {
    const askedMonotonicMs = this.clock.monotonicMs();
    await this.way();
    return { status: 200, body: '[{}]', askedMonotonicMs };
  }

  private async way(): Promise<void> {
    const wayMs = this.delays?.between(LEAST_WAY_MS, MOST_WAY_MS);
    if (wayMs !== undefined) await this.clock.sleep(wayMs);
    if (this.isDown) throw new ExchangeUnavailable('the exchange is under maintenance');
  }
}
