import {
  type CandleCache,
  type CandleStore,
  type EncodedPages,
  RangeReader,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { AnswerTally } from '../metrics/answer-tally';
import { CountedAnswers } from '../metrics/counted-answers';
import { ApiProblems } from '../api/api-problems';
import type { MarketDirectory } from '../texts/market-directory';
import type { CandleUsage } from '../usage/candle-usage';
import { CandleAnswers } from './answers/candle-answers';
import { CandleBatch } from './batch/candle-batch';
import { type KnowledgeStore, SeriesCoverage } from './knowledge/series-coverage';
import { NativeCandles } from './native-candles';

export interface NativeApiParts {
  readonly candles: CandleCache;
  readonly pages: EncodedPages;
  readonly store: CandleStore & KnowledgeStore;
  readonly directory: MarketDirectory;
  readonly usage: CandleUsage;
  readonly tally: AnswerTally;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the controllers of our own candle API work with. */
export interface NativeApi {
  readonly candles: NativeCandles;
  readonly batch: CandleBatch;
  readonly coverage: SeriesCoverage;
}

/** Puts it together; there is nothing to open or to close. */
export function openNativeApi(parts: NativeApiParts): NativeApi {
  const { pages, store, directory, usage, tally, clock, log } = parts;
  const ranges = new RangeReader({ cache: parts.candles, store, clock });
  const own = new CandleAnswers({ pages, candles: parts.candles, ranges, clock });
  const answers = new CountedAnswers(own, tally);
  const candles = new NativeCandles({ answers, directory, usage, nowMs: () => clock.nowMs() });
  return {
    candles,
    batch: new CandleBatch({ candles, tally, problems: new ApiProblems(log) }),
    coverage: new SeriesCoverage({ store, directory, clock }),
  };
}
