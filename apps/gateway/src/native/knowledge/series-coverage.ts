import type { CandleStore } from '@candlekeep/candle-cache';
import type { StoredKnowledge } from '@candlekeep/candle-store';
import type { Clock } from '@candlekeep/clock';
import { Coverage, type MarketCode, Timeframe, type TimeRange } from '@candlekeep/market';
import type { MarketDirectory } from '../../texts/market-directory';
import { unlistedMarket } from '../unlisted-market';
import type { AskedSeries } from './series-parameters';

/** Where it stands what is stored, and how it came to be known. */
export interface KnowledgeStore extends Pick<CandleStore, 'findUnverified'> {
  readKnowledge(market: MarketCode): Promise<ReadonlyMap<string, StoredKnowledge>>;
}

export interface SeriesCoverageParts {
  readonly store: KnowledgeStore;
  readonly directory: Pick<MarketDirectory, 'isListed'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** What is known of one series for good. */
export interface KnownSeries {
  readonly timeframe: string;
  /** Where every candle is known, oldest first; from 0 on: since history began. */
  readonly ranges: readonly TimeRange[];
  /** The parts that the exchange has not confirmed beyond doubt, and still can. */
  readonly unverified: readonly TimeRange[];
  /** The parts that the exchange itself showed when nothing could change any more. */
  readonly verified: readonly TimeRange[];
  /** The parts that were made from candles of a shorter timeframe. */
  readonly folded: readonly TimeRange[];
  /** The parts that only the exchange's stream has shown. */
  readonly streamed: readonly TimeRange[];
  /** Rises when something known was changed or taken away, and only then. */
  readonly revision: number;
}

/** What L2 covers of a market. */
export class SeriesCoverage {
  constructor(private readonly parts: SeriesCoverageParts) {}

  /**
   * Of one timeframe, or of all that anything is known of, the shortest first. Throws an `ApiRefusal` for a market that is neither
   * stored nor listed: one that was delisted is known all the same.
   */
  async read({ market, timeframe: only }: AskedSeries): Promise<readonly KnownSeries[]> {
    const { store, directory, clock } = this.parts;
    const [knowledge, doubts] = await Promise.all([
      store.readKnowledge(market),
      store.findUnverified({ beforeMs: clock.nowMs(), limit: Timeframe.ALL.length, market }),
    ]);
    // A series is opened before its first page is asked for: that of a market that does not exist stays empty.
    const isStored = [...knowledge.values()].some(({ ranges }) => !ranges.isEmpty);
    if (!isStored && !(await directory.isListed(market))) throw unlistedMarket(market);
    const doubtOf = ({ code }: Timeframe): Coverage =>
      doubts.find(({ series }) => series.timeframe.code === code)?.ranges ?? Coverage.EMPTY;
    return Timeframe.ALL.filter((timeframe) => only === undefined || timeframe === only).flatMap(
      (timeframe) => {
        const known = knowledge.get(timeframe.code);
        if (known === undefined) return [];
        const { ranges, verified, folded, streamed } = known;
        return [
          {
            ...{ timeframe: timeframe.code, ranges: ranges.ranges, verified: verified.ranges },
            ...{ folded: folded.ranges, streamed: streamed.ranges, revision: known.revision },
            unverified: doubtOf(timeframe).ranges,
          },
        ];
      },
    );
  }
}
