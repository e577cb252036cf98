import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { MemoryHouse } from '../../../test/support/memory-house';
import { busyTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { LATEST_MS } from './candle-query';

const market = parseMarketCode('KRW-BTC');
const minutes = { market, timeframe: Timeframe.parse('1m') };
const SINCE_THE_LAST_FRAME_MS = 200;
const START_MS = Date.UTC(2026, 0, 3, 9, 7, 20);

/** A house whose minutes are streamed since a moment ago. */
function streamedHouse() {
  const clock = new ManualClock(START_MS);
  const exchange = new TapeExchange(new Map([[market, busyTape(Date.UTC(2025, 0, 1))]]), clock);
  const { cache, window } = new MemoryHouse(exchange, clock);
  const stream = async (): Promise<void> => {
    const fromMs = minutes.timeframe.floor(clock.nowMs());
    const seenAtMs = clock.nowMs() - SINCE_THE_LAST_FRAME_MS;
    const rows = exchange.show(minutes, { beforeMs: LATEST_MS, count: 1 }, seenAtMs);
    const sight = { ...{ series: minutes, finals: [], claimsBeginning: false } };
    await window.put(
      { ...sight, covered: { fromMs: 0, untilMs: 0 }, head: { fromMs, rows } },
      { seenAtMs, provenance: 'stream' },
    );
  };
  const ask = async (code: string) => {
    const series = { market, timeframe: Timeframe.parse(code) };
    const question = { series, beforeMs: LATEST_MS, count: 20, maxAgeMs: 1_000 };
    return await cache.read({ ...question, onlyIfCached: false });
  };
  return { clock, exchange, stream, ask };
}

describe('a market whose stream has begun in the middle of a candle', () => {
  it('costs one page of minutes, and then no more calls for the present of any timeframe that it reaches back to', async () => {
    const { clock, exchange, stream, ask } = streamedHouse();
    await stream();
    for (const code of ['15m', '5m', '60m']) await ask(code);
    const calls = exchange.calls.length;
    expect(exchange.calls.filter(({ series }) => series.timeframe.code === '1m')).toHaveLength(1);
    for (let i = 0; i < 20; i += 1) {
      await clock.advance(1_500);
      await stream();
      for (const code of ['15m', '5m', '60m']) {
        expect((await ask(code)).ageMs).toBe(SINCE_THE_LAST_FRAME_MS);
      }
    }
    expect(exchange.calls).toHaveLength(calls);
  });

  it('asks for the own newest rows of candles that began before that page', async () => {
    const { exchange, stream, ask } = streamedHouse();
    await stream();
    await ask('240m');
    expect(exchange.calls.map(({ series }) => series.timeframe.code)).toContain('240m');
  });
});
