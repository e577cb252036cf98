import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { MemoryHouse } from '../../../test/support/memory-house';
import { busyTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { LATEST_MS } from './candle-query';

const MINUTE = 60_000;
/** Long enough for the first minute to be closed and settled. */
const YOUNGER_MS = 70_000;
const market = parseMarketCode('KRW-BTC');
const START_MS = Date.UTC(2026, 0, 3, 9, 0, 2);

describe('a journey among sights of several moments', () => {
  it('does not go back to an older sight of its own once a younger one was folded, though the caller takes both', async () => {
    const clock = new ManualClock(START_MS);
    const tape = new TapeExchange(new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]), clock);
    const house = new MemoryHouse(tape, clock);
    const ask = async (code: string, count: number, maxAgeMs: number) => {
      const series = { market, timeframe: Timeframe.parse(code) };
      const question = { series, beforeMs: LATEST_MS, count, maxAgeMs, onlyIfCached: false };
      return await house.cache.read(question);
    };
    const own = await ask('15m', 200, 0);
    expect(own).toMatchObject({ source: 'exchange', asOfMs: START_MS });
    await clock.advance(YOUNGER_MS);
    await ask('1m', 1, 0);
    const folded = await ask('15m', 1, 0);
    expect(folded).toMatchObject({ source: 'fold', asOfMs: START_MS + YOUNGER_MS });
    await clock.advance(60 * MINUTE - YOUNGER_MS);
    const later = await ask('15m', 1, 60 * MINUTE);
    expect(later.asOfMs).toBe(START_MS + YOUNGER_MS);
    expect(later.rows).toEqual(folded.rows);
  });

  it('does not go back for a candle that has long closed, either', async () => {
    const clock = new ManualClock(START_MS);
    const tape = new TapeExchange(new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]), clock);
    const { cache } = new MemoryHouse(tape, clock);
    const ask = async (code: string, maxAgeMs: number, rest = {}) => {
      const series = { market, timeframe: Timeframe.parse(code) };
      const query = { series, beforeMs: LATEST_MS, count: 1, maxAgeMs, onlyIfCached: false };
      return await cache.read({ ...query, ...rest });
    };
    await ask('15m', 0, { count: 200 });
    await clock.advance(YOUNGER_MS);
    await ask('1m', 0);
    expect((await ask('15m', 0)).asOfMs).toBe(START_MS + YOUNGER_MS);
    await clock.advance(50 * MINUTE);
    const beforeMs = Timeframe.parse('15m').closeOf(START_MS - 2_000);
    const closed = await ask('15m', 60 * MINUTE, { beforeMs });
    expect(closed.asOfMs).toBeGreaterThanOrEqual(START_MS + YOUNGER_MS);
  });
});
