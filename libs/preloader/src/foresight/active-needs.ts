import { seriesName, type Series } from '@candlekeep/market';
import {
  analyseStrategy,
  mergeNeeds,
  type SeriesNeed,
  type StoredStrategy,
  type StrategyBook,
} from '@candlekeep/strategies';

/** What all active strategies need together. */
export interface ActiveNeeds {
  /** Of the strategies; rises with every change of any. */
  readonly revision: number;
  readonly needs: readonly ActiveNeed[];
}

/** What is needed of one series, by whom, and since when. */
export interface ActiveNeed extends SeriesNeed {
  /** Ids of the strategies. */
  readonly strategies: readonly string[];
  /** When the newest of them was activated or changed, epoch ms. */
  readonly sinceMs: number;
}

/** The needs of what is active, looked up again when a strategy has changed. */
export class ActiveNeedsReader {
  private known: ActiveNeeds = { revision: -1, needs: [] };

  constructor(private readonly book: Pick<StrategyBook, 'revision' | 'listActive'>) {}

  /** One small query while nothing has changed. Rejects without Postgres. */
  async read(): Promise<ActiveNeeds> {
    const revision = await this.book.revision();
    if (revision === this.known.revision) return this.known;
    // Read after the revision: a change in between is looked up twice, never missed.
    const needs = needsOf(await this.book.listActive());
    this.known = { revision, needs };
    return this.known;
  }
}

/** The needs of these strategies, the largest for each series. */
export function needsOf(strategies: readonly StoredStrategy[]): readonly ActiveNeed[] {
  const own = strategies.flatMap(({ strategy, updatedAtMs }) =>
    analyseStrategy(strategy).map((need) => ({ need, id: strategy.id, updatedAtMs })),
  );
  return mergeNeeds(own.map(({ need }) => need)).map((merged) => {
    const users = own.filter(({ need }) => isSame(need.series, merged.series));
    return {
      ...merged,
      strategies: users.map(({ id }) => id),
      sinceMs: Math.max(...users.map(({ updatedAtMs }) => updatedAtMs)),
    };
  });
}

function isSame(a: Series, b: Series): boolean {
  return seriesName(a) === seriesName(b);
}
