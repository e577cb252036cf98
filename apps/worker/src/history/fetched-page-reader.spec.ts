import { ManualClock } from '@candlekeep/clock';
import { type HistoryStep, type HistoryTask, TaskRunner } from '@candlekeep/history';
import { laneRank, type MarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryCandleStore } from '../../../../test/support/memory-candle-store';
import { MemoryCandleWindow } from '../../../../test/support/memory-candle-window';
import { freshMarket } from '../../../../test/support/redis';
import { RewritableExchange } from '../../../../test/support/rewritable-exchange';
import { PageFetcher } from '../page-fetcher';
import { FetchedPageReader } from './fetched-page-reader';

const MINUTE = 60_000;
const END = Date.UTC(2026, 0, 10);
const { signal } = new AbortController();

/** Tasks in a map, which is all that a runner needs of a book. */
class MemoryBook {
  readonly tasks = new Map<string, HistoryTask>();

  find(id: string): Promise<HistoryTask | undefined> {
    return Promise.resolve(this.tasks.get(id));
  }

  advance(task: HistoryTask, { cursorMs, counts }: HistoryStep): Promise<HistoryTask | undefined> {
    const state = cursorMs === task.range.fromMs ? 'done' : 'running';
    const calls = task.counts.calls + counts.calls;
    const rows = task.counts.rows + counts.rows;
    const after: HistoryTask = { ...task, state, cursorMs, counts: { ...counts, calls, rows } };
    this.tasks.set(task.id, after);
    return Promise.resolve(after);
  }

  holdUp(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  open(id: string, market: MarketCode, minutes: readonly [number, number]): void {
    const [from, until] = minutes.map((minute) => END - minute * MINUTE);
    const none = { missing: 0, surplus: 0, different: 0, compared: 0, added: 0 };
    this.tasks.set(id, {
      ...{ id, kind: 'backfill', state: 'running', openEnded: false, cursorMs: until! },
      ...{ series: { market, timeframe: Timeframe.parse('1m') }, differences: [], failures: 0 },
      range: { fromMs: from!, untilMs: until! },
      counts: { ...none, pages: 0, calls: 0, rows: 0 },
      ...{ createdMs: END, updatedMs: END },
    });
  }
}

describe('backfills of one series that overlap', () => {
  /** A market that was traded each minute, and one worker. */
  const openRig = () => {
    const market = freshMarket();
    const clock = new ManualClock(END + 60 * MINUTE);
    const opens = Array.from({ length: 3_000 }, (_, i) => END - (3_000 - i) * MINUTE);
    const exchange = new RewritableExchange({ market, opens, clock });
    const store = new MemoryCandleStore(clock);
    const window = new MemoryCandleWindow(clock);
    const pages = new PageFetcher({ exchange, store, window, clock, log: silentLogger });
    const reader = new FetchedPageReader(pages);
    const book = new MemoryBook();
    const runner = new TaskRunner({ book, store, reader, log: silentLogger });
    const run = (...ids: string[]) => Promise.all(ids.map((id) => runner.run(id, signal)));
    return { market, exchange, store, book, run, reader };
  };

  it('bring each page once, and all end', async () => {
    const { market, exchange, book, run } = openRig();
    book.open('long', market, [2_000, 0]);
    book.open('same', market, [2_000, 0]);
    book.open('short', market, [1_000, 0]);
    book.open('apart', market, [1_800, 250]);
    await run('long', 'same', 'short', 'apart');
    const tasks = [...book.tasks.values()];
    expect(tasks.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    const calls = tasks.reduce((sum, { counts }) => sum + counts.calls, 0);
    // Ten pages, and at most one where the ranges do not begin on the same page.
    expect(calls).toBeLessThanOrEqual(11);
    expect(exchange.calls).toBe(calls);
  });

  it('that lose what they have brought to a purge bring it again before they are done', async () => {
    const { market, exchange, store, book, run, reader } = openRig();
    book.open('a', market, [1_000, 0]);
    const read = reader.readUnknownPage.bind(reader);
    jest.spyOn(reader, 'readUnknownPage').mockImplementation(async (question, stop) => {
      if (exchange.calls === 3) await store.purge(market);
      return await read(question, stop);
    });
    await run('a');
    expect(book.tasks.get('a')).toMatchObject({ state: 'done', counts: { calls: 8 } });
    const series = { market, timeframe: Timeframe.parse('1m') };
    const { coverage } = await store.read(series, { beforeMs: END, limit: 0 });
    expect(coverage.contains({ fromMs: END - 1_000 * MINUTE, untilMs: END })).toBe(true);
  });

  it('come last at the exchange, behind second looks at what is stored', async () => {
    const { market, exchange, reader } = openRig();
    const question = { series: { market, timeframe: Timeframe.parse('1m') }, untilMs: END };
    await reader.readUnknownPage(question, signal);
    await reader.readPage(question, signal);
    expect(exchange.ranks).toEqual([laneRank('backfill'), laneRank('reconcile')]);
  });
});
