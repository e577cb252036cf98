import type { Clock } from '@candlekeep/clock';
import type {
  CallTerms,
  CandlePage,
  CandlePageQuery,
  ForwardedAnswer,
} from '@candlekeep/exchange-client';
import { type Candle, type MarketCode, Timeframe } from '@candlekeep/market';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import { ModelExchange } from './model-exchange';

const MINUTE = Timeframe.parse('1m');

/** An exchange of one market that may come to show an old row otherwise, asked as a worker's client asks. */
export class RewritableExchange implements PageExchange {
  /** Pages and trades that were asked for. */
  calls = 0;
  /** How urgent each page was. */
  readonly ranks: number[] = [];
  private readonly minutes: ModelExchange;
  private readonly volumes = new Map<string, string>();

  constructor(
    private readonly parts: {
      readonly market: MarketCode;
      /** Opens of the minutes with trades, oldest first. */
      readonly opens: readonly number[];
      readonly clock: Clock;
    },
  ) {
    this.minutes = new ModelExchange({ market: parts.market, timeframe: MINUTE }, parts.opens);
  }

  /** From now on the row of this open has another volume. */
  rewrite(openMs: number, volume: string, timeframe = MINUTE): void {
    this.volumes.set(`${timeframe.code} ${openMs}`, volume);
  }

  /** The same market, all of whose lists are empty now. */
  emptied(): RewritableExchange {
    return new RewritableExchange({ ...this.parts, opens: [] });
  }

  getCandles({ series, toMs, count, demand }: CandlePageQuery & CallTerms): Promise<CandlePage> {
    const { clock } = this.parts;
    const { timeframe } = series;
    this.calls += 1;
    this.ranks.push(demand.rank);
    const exchange = timeframe === MINUTE ? this.minutes : this.minutes.foldedTo(timeframe);
    const nowMs = clock.nowMs();
    const rows = exchange.answer({ beforeMs: toMs ?? Infinity, count }, nowMs).reverse();
    return Promise.resolve({
      candles: rows.map((row) => this.rewritten(row, timeframe)),
      readAtMs: Math.floor(nowMs / 1_000) * 1_000,
      askedMonotonicMs: clock.monotonicMs(),
    });
  }

  forward(): Promise<ForwardedAnswer> {
    const { clock } = this.parts;
    this.calls += 1;
    const { length } = this.minutes.answer({ beforeMs: Infinity, count: 1 }, clock.nowMs());
    const body = length === 0 ? '[]' : '[{}]';
    return Promise.resolve({ status: 200, body, askedMonotonicMs: clock.monotonicMs() });
  }

  private rewritten(row: Candle, { code }: Timeframe): Candle {
    const volume = this.volumes.get(`${code} ${row.openMs}`);
    return volume === undefined ? row : { ...row, volume };
  }
}
