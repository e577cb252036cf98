import { ManualClock } from '@candlekeep/clock';
import {
  CandlekeepError,
  type MarketCode,
  parseMarketCode,
  type Series,
  seriesName,
  Timeframe,
} from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { type PageQuestion, type PageRead, PageReader } from './page-reader';
import { Reconciler } from './reconciler';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2026, 0, 10, 2);
const { signal } = new AbortController();

class NotListed extends CandlekeepError {
  readonly code = 'UNKNOWN_MARKET';
  readonly retryable = false;
}

/** Settles every doubt of the markets that it knows, and says 404 of all others. */
class ListingReader extends PageReader {
  readonly refused: string[] = [];
  readonly read: string[] = [];

  constructor(
    private readonly store: MemoryCandleStore,
    private readonly listed: ReadonlySet<MarketCode>,
    private readonly clock: ManualClock,
  ) {
    super();
  }

  override async readUnknownPage(question: PageQuestion): Promise<PageRead> {
    return await this.readPage(question);
  }

  override async readPage({ series, untilMs }: PageQuestion): Promise<PageRead> {
    if (!this.listed.has(series.market)) {
      this.refused.push(seriesName(series));
      throw new NotListed(`${series.market} is not listed`);
    }
    this.read.push(seriesName(series));
    const covered = { fromMs: series.timeframe.shift(untilMs, -200), untilMs };
    await keep(this.store, series, { ...covered, readAtMs: this.clock.nowMs() });
    return { covered, rows: [], calls: 1, corrections: 0 };
  }
}

async function keep(
  store: MemoryCandleStore,
  series: Series,
  { readAtMs, ...covered }: { fromMs: number; untilMs: number; readAtMs: number },
): Promise<void> {
  const basis = [{ timeframe: series.timeframe, revision: await store.openRevision(series) }];
  await store.save({ series, rows: [], covered, provenance: 'native', readAtMs, basis });
}

describe('reconciliation', () => {
  const healthy = parseMarketCode('KRW-BTC');

  const open = () => {
    const clock = new ManualClock(NOW);
    const store = new MemoryCandleStore(clock);
    const reader = new ListingReader(store, new Set([healthy]), clock);
    const reconciler = new Reconciler({
      ...{ store, reader, totals: { add: () => Promise.resolve() }, clock, log: silentLogger },
      nowMs: () => Promise.resolve(clock.nowMs()),
    });
    /** Three slots that were read too soon after they closed. */
    const doubt = async (market: MarketCode, code: string, closedMs: number): Promise<void> => {
      const timeframe = Timeframe.parse(code);
      const untilMs = timeframe.floor(closedMs);
      const fromMs = timeframe.shift(untilMs, -3);
      await keep(store, { market, timeframe }, { fromMs, untilMs, readAtMs: untilMs + 6_000 });
    };
    const runFor = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await clock.advance(MINUTE);
        await reconciler.run(signal);
      }
    };
    return { reader, doubt, runFor };
  };

  it('reaches a healthy market behind any number of delisted ones, which cost a call a day each', async () => {
    const { reader, doubt, runFor } = open();
    for (let n = 0; n < 17; n += 1) {
      const gone = parseMarketCode(`KRW-GONE${n}`);
      for (const { code } of Timeframe.ALL.slice(0, 12)) await doubt(gone, code, NOW - 400 * DAY);
    }
    await doubt(healthy, '1m', NOW - DAY);
    await runFor(2);
    expect(reader.read).toEqual(['KRW-BTC:1m']);
    await runFor(1_440 - 3);
    expect(reader.refused).toHaveLength(17);
    await runFor(2);
    expect(reader.refused).toHaveLength(34);
  });

  it('reaches a doubt that is due behind hundreds that are not due yet', async () => {
    const { reader, doubt, runFor } = open();
    for (let n = 0; n < 450; n += 1) await doubt(parseMarketCode(`KRW-N${n}`), '1d', NOW);
    await doubt(healthy, '1m', NOW - 300 * MINUTE);
    await runFor(1);
    expect(reader.read).toEqual(['KRW-BTC:1m']);
  });
});
