import type { CandlePage, CandlePageQuery, ForwardedAnswer } from '@candlekeep/exchange-client';
import { type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import type { ModelMarket } from './model-market';
import type { Stage } from './stage';
import type { VirtualTime } from './virtual-time';

const DATE_STEP_MS = 1_000;
const MINUTE = Timeframe.parse('1m');

/**
 * The exchange as the worker's client shows it. The question's way, the look and the answer's way are separate steps, so that time
 * may pass and others may act between them.
 */
export class GatedExchange implements PageExchange {
  constructor(
    private readonly parts: {
      readonly markets: ReadonlyMap<MarketCode, ModelMarket>;
      readonly time: VirtualTime;
      readonly stage: Stage;
      readonly onRead: (market: MarketCode) => void;
    },
  ) {}

  async getCandles({ series, toMs, count }: CandlePageQuery): Promise<CandlePage> {
    const { stage, time, onRead } = this.parts;
    const { market, timeframe } = series;
    const code = timeframe.code;
    const askedMonotonicMs = await stage.step(`ask ${code} to ${toMs}`, () =>
      Promise.resolve(time.monotonicMs()),
    );
    const candles = await stage.step(`exchange shows ${code}`, () => {
      onRead(market);
      const question = { beforeMs: toMs ?? Infinity, count };
      const rows = this.marketOf(market).answer(timeframe, question, time.trueMs);
      return Promise.resolve(rows.reverse());
    });
    return await stage.step(`hear ${code}`, () =>
      Promise.resolve({ candles, askedMonotonicMs, readAtMs: wholeSecond(time.trueMs) }),
    );
  }

  async forward({ query }: { query: string }): Promise<ForwardedAnswer> {
    const { stage, time } = this.parts;
    const market = parseMarketCode(new URLSearchParams(query).get('market') ?? '');
    return await stage.step('exchange shows trades', () => {
      const first = this.marketOf(market).answer(
        MINUTE,
        { beforeMs: Infinity, count: 1 },
        time.trueMs,
      );
      const body = first.length > 0 ? '[{}]' : '[]';
      return Promise.resolve({ status: 200, body, askedMonotonicMs: time.monotonicMs() });
    });
  }

  private marketOf(market: MarketCode): ModelMarket {
    const found = this.parts.markets.get(market);
    if (found === undefined) throw new Error(`the model has no market ${market}`);
    return found;
  }
}

function wholeSecond(ms: number): number {
  return ms - (ms % DATE_STEP_MS);
}
