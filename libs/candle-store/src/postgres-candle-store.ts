import {
  type Candle,
  type MarketCode,
  type Series,
  seriesName,
  type TimeRange,
} from '@candlekeep/market';
import { inTransaction, type Pool } from '@candlekeep/postgres';
import { type CandlePage, savablePage } from './candle-page';
import {
  type UnverifiedQuery,
  type UnverifiedRow,
  unverifiedStatement,
  type UnverifiedStretch,
  unverifiedStretch,
} from './find-unverified';
import { type PurgedSeries, purgeMarket } from './purge-market';
import {
  coveragesStatement,
  type CoverageRow,
  type ReadQuery,
  type ReadRow,
  readStatement,
  type StoredCandles,
  storedCandles,
  type StoredCoverage,
  storedCoverages,
} from './read-candles';
import { knowledgeStatement, storedKnowledge, type StoredKnowledge } from './read-knowledge';
import { type SavedPage, savePage } from './save-page';
import { openStatement, revisionStatement, type SeriesRow } from './series-rows';
import { storeFailure } from './store-failure';
import { streamCandles } from './stream-candles';

/**
 * L2 in Postgres: final candles for good, the ranges in which they are all there, and how that came to be known. Tables:
 * `migrateCandleStore`. Every method throws `CandleStoreUnavailable` when Postgres gives no answer, and `InvalidValue` for a
 * question or page that is none.
 */
export class PostgresCandleStore {
  /** @param onSaved hears of each page that was kept */
  constructor(
    private readonly pool: Pool,
    private readonly onSaved: (page: CandlePage, saved: SavedPage) => void = () => undefined,
  ) {}

  /** The newest rows that the query names, newest first, the series' coverage and its revision, from one snapshot. */
  async read(series: Series, query: ReadQuery): Promise<StoredCandles> {
    const statement = readStatement(series, query);
    return attempt(`read stored candles of ${seriesName(series)}`, async () => {
      const found = await this.pool.query<ReadRow>(statement);
      return storedCandles(found.rows);
    });
  }

  /** What is covered of a market, by timeframe code: nothing of a series that was only opened, or purged. */
  async readCoverages(market: MarketCode): Promise<ReadonlyMap<string, StoredCoverage>> {
    return attempt(`read what is stored of ${market}`, async () => {
      const found = await this.pool.query<CoverageRow>(coveragesStatement(market));
      return storedCoverages(found.rows);
    });
  }

  /** What is known of each series of a market by timeframe code, and whether the exchange, a fold or the stream told it. */
  async readKnowledge(market: MarketCode): Promise<ReadonlyMap<string, StoredKnowledge>> {
    return attempt(`read what is known of ${market}`, async () => {
      const found = await this.pool.query<SeriesRow>(knowledgeStatement(market));
      return storedKnowledge(found.rows);
    });
  }

  /** The revision under which a page that is read from now on is to be saved. Makes the series' row; never 0. */
  async openRevision(series: Series): Promise<number> {
    return attempt(`open ${seriesName(series)} in the store`, async () => {
      const found = await this.pool.query<RevisionRow>(revisionStatement(series));
      if (found.rows[0] !== undefined) return found.rows[0].revision;
      const opened = await this.pool.query<RevisionRow>(openStatement(series));
      return opened.rows[0]?.revision ?? 0;
    });
  }

  /**
   * Keeps final rows, the range they prove and how they came to be known, together or not at all. Throws `StaleBasis` when what the
   * page was made from has changed, or when a later read is stored that differs; `Deposed` when a larger token of the page's fence
   * has been kept; `InvalidValue` also for an amount that its
   * column cannot hold.
   */
  async save(page: CandlePage): Promise<SavedPage> {
    const savable = savablePage(page);
    const saved = await attempt(`save stored candles of ${seriesName(page.series)}`, () =>
      inTransaction(this.pool, (client) => savePage(client, savable)),
    );
    this.onSaved(page, saved);
    return saved;
  }

  /** All rows of a range, oldest first, in portions of at most 5,000. */
  async *stream(series: Series, range: TimeRange): AsyncGenerator<readonly Candle[], void, void> {
    try {
      yield* streamCandles(this.pool, series, range);
    } catch (error) {
      throw storeFailure(`read stored candles of ${seriesName(series)}`, error);
    }
  }

  /** Slots that are known but not verified, the oldest doubt first. */
  async findUnverified(query: UnverifiedQuery): Promise<readonly UnverifiedStretch[]> {
    const statement = unverifiedStatement(query);
    return attempt('look for unverified candles', async () => {
      const found = await this.pool.query<UnverifiedRow>(statement);
      return found.rows.map(unverifiedStretch);
    });
  }

  /** Forgets a whole market in one step; pages that were made before are refused afterwards. */
  async purge(market: MarketCode): Promise<readonly PurgedSeries[]> {
    return attempt(`purge ${market}`, () =>
      inTransaction(this.pool, (client) => purgeMarket(client, market)),
    );
  }
}

interface RevisionRow {
  readonly revision: number;
}

async function attempt<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(task, error);
  }
}
