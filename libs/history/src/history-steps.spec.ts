import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, Timeframe, type TimeRange } from '@candlekeep/market';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { backfillStep } from './backfill-step';
import { type HistoryTask, NO_COUNTS } from './history-task';
import { type PageQuestion, type PageRead, PageReader } from './page-reader';
import { verificationStep } from './verification-step';

const MINUTE = 60_000;
const END = Date.UTC(2026, 0, 1, 10);
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const range = { fromMs: END - 10 * MINUTE, untilMs: END };
const { signal } = new AbortController();

const row = (openMs: number): Candle => ({
  ...{ openMs, timestampMs: openMs, turnover: '1.00000000', volume: '1.00000000' },
  ...{ open: '1.00000000', high: '1.00000000', low: '1.00000000', close: '1.00000000' },
});
const rowsOf = ({ fromMs, untilMs }: TimeRange): Candle[] =>
  Array.from({ length: (untilMs - fromMs) / MINUTE }, (_, i) => row(fromMs + i * MINUTE));

/** An exchange that has a row in each minute and is sure of those before `settledMs` only; what it shows is stored. */
class UnsettledReader extends PageReader {
  readonly asked: PageQuestion[] = [];

  constructor(
    private readonly store: MemoryCandleStore,
    private readonly settledMs: number,
  ) {
    super();
  }

  override async readUnknownPage(question: PageQuestion): Promise<PageRead | undefined> {
    const read = await this.readPage(question);
    const { covered, rows } = read;
    const revision = await this.store.openRevision(series);
    await this.store.save({
      ...{ series, rows, covered, provenance: 'native', readAtMs: END },
      basis: [{ timeframe: series.timeframe, revision }],
    });
    return read;
  }

  override readPage(question: PageQuestion): Promise<PageRead> {
    this.asked.push(question);
    const { untilMs } = question;
    const covered = {
      fromMs: untilMs - 200 * MINUTE,
      untilMs: Math.min(untilMs, this.settledMs),
    };
    return Promise.resolve({ covered, rows: rowsOf(covered), calls: 1, corrections: 0 });
  }
}

function taskOf(kind: HistoryTask['kind']): HistoryTask {
  return {
    ...{ id: 'a', kind, state: 'running', series, range, openEnded: true, cursorMs: END },
    ...{ counts: NO_COUNTS, differences: [], failures: 0, createdMs: END, updatedMs: END },
  };
}

describe('a step of a history task, at the edge of what is settled', () => {
  const open = (settledMs: number) => {
    const store = new MemoryCandleStore(new ManualClock(END));
    return { store, reader: new UnsettledReader(store, settledMs) };
  };

  it('calls no stored row surplus that the page does not speak for', async () => {
    const parts = open(END - MINUTE);
    const revision = await parts.store.openRevision(series);
    await parts.store.save({
      ...{ series, rows: rowsOf(range), covered: range, provenance: 'native', readAtMs: END },
      basis: [{ timeframe: series.timeframe, revision }],
    });
    const step = verificationStep(parts, taskOf('verification'), signal);
    await expect(step).rejects.toMatchObject({ code: 'NOT_SETTLED', retryable: true });
  });

  it('is not done while the newest slot is unknown', async () => {
    const step = backfillStep(open(END - MINUTE), taskOf('backfill'), signal);
    await expect(step).rejects.toMatchObject({ code: 'NOT_SETTLED', retryable: true });
  });

  it('counts what was shown when the page proves as much as it was asked for', async () => {
    const counts = { pages: 1, rows: 10 };
    for (const step of [backfillStep, verificationStep]) {
      const done = await step(open(END), taskOf('backfill'), signal);
      expect(done).toMatchObject({ cursorMs: range.fromMs, counts, differences: [] });
    }
  });
});
