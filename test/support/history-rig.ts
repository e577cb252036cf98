import { judgePage } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import {
  migrateHistory,
  type PageQuestion,
  type PageRead,
  PageReader,
  TaskBook,
  TaskRunner,
} from '@candlekeep/history';
import type { Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryCandleStore } from './memory-candle-store';
import type { ModelExchange } from './model-exchange';

/** Reads pages of a model exchange into a store, as a worker does, and can be told to fail before or after it has stored one. */
class ModelPageReader extends PageReader {
  calls = 0;
  /** Called with the number of the page, from 1; what it throws is what the read rejects with. */
  before: (page: number) => void = () => undefined;
  after: (page: number) => void = () => undefined;

  constructor(
    private readonly exchange: ModelExchange,
    readonly store: MemoryCandleStore,
    private readonly nowMs: number,
  ) {
    super();
  }

  override async readUnknownPage(question: PageQuestion): Promise<PageRead | undefined> {
    const { series, untilMs } = question;
    const { coverage } = await this.store.read(series, { beforeMs: untilMs, limit: 0 });
    const newest = { fromMs: series.timeframe.shift(untilMs, -1), untilMs };
    return coverage.contains(newest) ? undefined : await this.readPage(question);
  }

  override async readPage({ series, untilMs }: PageQuestion): Promise<PageRead> {
    this.calls += 1;
    const page = this.calls;
    this.before(page);
    const { timeframe } = series;
    const revision = await this.store.openRevision(series);
    const { covered, finals } = judgePage(this.exchange.page(untilMs, this.nowMs));
    const { corrections } = await this.store.save({
      ...{ series, covered, rows: finals, provenance: 'native', readAtMs: this.nowMs },
      basis: [{ timeframe, revision }],
    });
    this.after(page);
    return { covered, rows: finals, calls: 1, corrections: corrections.length };
  }
}

/** A book over a database, and a runner over a model exchange. */
export async function openHistoryRig(pool: Pool, exchange: ModelExchange, nowMs: number) {
  await migrateHistory(pool, silentLogger);
  const clock = new ManualClock(nowMs);
  const store = new MemoryCandleStore(clock);
  const reader = new ModelPageReader(exchange, store, nowMs);
  const book = new TaskBook(pool, clock);
  const runner = () => new TaskRunner({ book, store, reader, log: silentLogger });
  return { clock, store, reader, book, runner };
}
