import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { RangeReader } from '@candlekeep/candle-cache';
import { MemoryHouse } from '../../../../../test/support/memory-house';
import { tapeOf } from '../../../../../test/support/tape';
import { TapeExchange } from '../../../../../test/support/tape-exchange';
import { SeriesCoverage } from './series-coverage';

const MINUTE = 60_000;
const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
const market = parseMarketCode('KRW-KNC');
const timeframe = Timeframe.parse('1m');

describe('what is stored of a market', () => {
  it('is told while anything is, also of one that is no longer listed; else it must be a listed one', async () => {
    const clock = new ManualClock(nowMs);
    const firstMs = nowMs - 30_000 - 1_000 * MINUTE;
    const tape = tapeOf(Array.from({ length: 1_000 }, (_, index) => firstMs + index * MINUTE));
    const exchange = new TapeExchange(new Map([[market, tape]]), clock);
    const { cache, store } = new MemoryHouse(exchange, clock);
    const coverage = (isListed: boolean) =>
      new SeriesCoverage({
        ...{ store, clock, directory: { isListed: () => Promise.resolve(isListed) } },
      });
    expect(await coverage(true).read({ market })).toEqual([]);
    await store.openRevision({ market, timeframe });
    await expect(coverage(false).read({ market })).rejects.toMatchObject({
      ...{ status: 404, message: 'The exchange lists no market KRW-KNC.' },
    });
    const range = { fromMs: firstMs + 500 * MINUTE, untilMs: firstMs + 600 * MINUTE };
    const terms = { series: { market, timeframe }, maxAgeMs: 1_000, onlyIfCached: false };
    const rows: Candle[] = [];
    for await (const portion of new RangeReader({ cache, store, clock }).read({
      ...{ ...terms, ...range },
    })) {
      rows.push(...portion.rows);
    }
    expect(rows).toHaveLength(100);
    expect(await coverage(false).read({ market, timeframe })).toMatchObject([
      { timeframe: '1m', ranges: [{}], verified: [{}], folded: [], streamed: [] },
    ]);
  });
});
