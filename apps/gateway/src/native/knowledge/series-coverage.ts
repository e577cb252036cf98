import type { CandleStore } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { Coverage, Timeframe, type TimeRange } from '@candlekeep/market';
import type { MarketDirectory } from '../../texts/market-directory';
import { unlistedMarket } from '../unlisted-market';
import type { AskedSeries } from './series-parameters';

export interface SeriesCoverageParts {
  readonly store: Pick<CandleStore, 'readCoverages' | 'findUnverified'>;
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
  /** Rises when something known was changed or taken away, and only then. */
  readonly revision: number;
}

/** Series of all markets together are a few thousand. */
const MOST_DOUBTS = 100_000;

/** What L2 covers of a market. */
export class SeriesCoverage {
  constructor(private readonly parts: SeriesCoverageParts) {}

  /**
   * Of one timeframe, or of all that anything is known of, the shortest first. Throws an `ApiRefusal` for a market that is neither
   * stored nor listed: one that was delisted is known all the same.
   */
  async read({ market, timeframe: only }: AskedSeries): Promise<readonly KnownSeries[]> {
    const { store, directory, clock } = this.parts;
    const [coverages, doubts] = await Promise.all([
      store.readCoverages(market),
      store.findUnverified({ beforeMs: clock.nowMs(), limit: MOST_DOUBTS }),
    ]);
    // A series is opened before its first page is asked for: that of a market that does not exist stays empty.
    const isStored = [...coverages.values()].some(({ coverage }) => coverage.ranges.length > 0);
    if (!isStored && !(await directory.isListed(market))) throw unlistedMarket(market);
    const doubtOf = ({ code }: Timeframe): Coverage =>
      doubts.find(({ series }) => series.market === market && series.timeframe.code === code)
        ?.ranges ?? Coverage.EMPTY;
    return Timeframe.ALL.filter((timeframe) => only === undefined || timeframe === only).flatMap(
      (timeframe) => {
        const known = coverages.get(timeframe.code);
        if (known === undefined) return [];
        const { ranges } = known.coverage;
        const unverified = doubtOf(timeframe).ranges;
        return [{ timeframe: timeframe.code, ranges, unverified, revision: known.revision }];
      },
    );
  }
}
