import { CandleCache, LATEST_MS, RangeReader } from '@candlekeep/candle-cache';
import type { PostgresCandleStore } from '@candlekeep/candle-store';
import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { createScratchStore } from '../support/candle-store/scratch-store';
import { DirectSource } from '../support/direct-source';
import { MemoryCandleWindow } from '../support/memory-candle-window';
import type { ScratchDatabase } from '../support/scratch-database';
import { busyTape } from '../support/tape';
import { TapeExchange } from '../support/tape-exchange';

const MINUTE = 60_000;
const market = parseMarketCode('KRW-BTC');
const minute = Timeframe.parse('1m');
const series = { market, timeframe: minute };
const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
const range = { fromMs: minute.floor(nowMs) - 12_000 * MINUTE, untilMs: LATEST_MS };
const terms = { maxAgeMs: 60_000, onlyIfCached: false };

describe('a range over Postgres', () => {
  let database: ScratchDatabase;
  let store: PostgresCandleStore;
  let reader: RangeReader;
  const clock = new ManualClock(nowMs);
  const exchange = new TapeExchange(new Map([[market, busyTape(Date.UTC(2025, 0, 1))]]), clock);

  beforeAll(async () => {
    ({ database, store } = await createScratchStore());
    const window = new MemoryCandleWindow(clock);
    const tiers = { store, window, clock, log: silentLogger };
    const source = new DirectSource({
      pages: new PageFetcher({ ...tiers, exchange }),
      folder: new SeriesFolder(tiers),
      note: () => undefined,
    });
    reader = new RangeReader({ cache: new CandleCache({ ...tiers, source }), store, clock });
  });
  afterAll(async () => {
    await database.drop();
  });

  const shown = () =>
    exchange.show(series, { beforeMs: LATEST_MS, count: 12_001 }, clock.nowMs()).reverse();
  /** Reads it all; `between` comes after each portion of rows. */
  const read = async (between: () => Promise<void> = () => Promise.resolve()) => {
    const portions: (readonly Candle[])[] = [];
    for await (const { rows } of reader.read({ series, ...terms, ...range })) {
      if (rows.length === 0) continue;
      portions.push(rows);
      await between();
    }
    return portions;
  };

  it('is brought once, and is then read in portions without a call', async () => {
    expect((await read()).flat()).toEqual(shown());
    expect(exchange.calls.length).toBeLessThanOrEqual(62);
    const callsBefore = exchange.calls.length;
    const portions = await read();
    expect(portions.flat()).toEqual(shown());
    expect(portions.map(({ length }) => length)).toEqual([5_000, 5_000, 2_000, 1]);
    expect(exchange.calls).toHaveLength(callsBefore);
  });

  it('has no hole when the market is forgotten between its portions', async () => {
    let portions = 0;
    const rows = await read(async () => {
      portions += 1;
      if (portions === 1) await store.purge(market);
    });
    expect(rows.flat()).toEqual(shown());
  });

  it('throws away a portion that was read while something was taken away', async () => {
    await read();
    const stream = store.stream.bind(store);
    let isFirst = true;
    const meddled = jest.spyOn(store, 'stream').mockImplementation(async function* (...asked) {
      for await (const rows of stream(...asked)) {
        if (isFirst) await store.purge(market);
        // As a portion looks that was read when half of it had gone.
        yield isFirst ? rows.slice(0, 100) : rows;
        isFirst = false;
      }
    });
    expect((await read()).flat()).toEqual(shown());
    meddled.mockRestore();
  });
});
