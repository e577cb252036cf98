import { LATEST_MS } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryHouse } from '../../../../test/support/memory-house';
import { busyTape } from '../../../../test/support/tape';
import { TapeExchange } from '../../../../test/support/tape-exchange';
import { Warmer } from './warmer';

const market = parseMarketCode('KRW-BTC');
const series = { market, timeframe: Timeframe.parse('15m') };
const START_MS = Date.UTC(2026, 0, 14, 9, 7, 30);
const { signal } = new AbortController();

function openRig(allowed = Infinity) {
  const clock = new ManualClock(START_MS);
  const tapes = new Map([[market, busyTape(Date.UTC(2025, 0, 1))]]);
  const exchange = new TapeExchange(tapes, clock);
  const house = new MemoryHouse(exchange, clock);
  let left = allowed;
  const budget = {
    take: (calls: number): Promise<boolean> => {
      if (left < calls) return Promise.resolve(false);
      left -= calls;
      return Promise.resolve(true);
    },
    giveBack: (calls: number): Promise<void> => {
      left += calls;
      return Promise.resolve();
    },
  };
  const { window, store, source } = house;
  const nowMs = () => Promise.resolve(clock.nowMs());
  const warmer = new Warmer({ window, store, source, budget, nowMs, clock, log: silentLogger });
  const ask = async (count: number, beforeMs = LATEST_MS) => {
    return await house.cache.read({
      series,
      beforeMs,
      count,
      maxAgeMs: 60_000,
      onlyIfCached: true,
    });
  };
  return { clock, exchange, house, warmer, ask, left: () => left };
}

describe('a warmer', () => {
  it('leaves in L1 what is asked afterwards, at the cost of one call', async () => {
    const { warmer, ask, exchange } = openRig();
    const question = { series, count: 60, back: 0, maxAgeMs: 1_000 };
    expect(await warmer.warm(question)).toEqual({ calls: 1, rows: 60 });
    expect((await ask(60)).source).toBe('l1');
    expect(exchange.calls).toHaveLength(1);
  });

  it('asks for nothing that is known', async () => {
    const { warmer, exchange } = openRig();
    const question = { series, count: 60, back: 0, maxAgeMs: 1_000 };
    await warmer.warm(question);
    expect(await warmer.warm(question)).toEqual({ calls: 0, rows: 60 });
    expect(exchange.calls).toHaveLength(1);
  });

  it('looks anew where the sight at hand will be too old for those who come', async () => {
    const { warmer, exchange, clock } = openRig();
    const comes = (code: string, maxAgeMs: number) => ({
      series: { market, timeframe: Timeframe.parse(code) },
      ...{ count: 60, back: 0, maxAgeMs, untilMs: clock.nowMs() + 900 },
    });
    await warmer.warm(comes('1m', 1_000));
    await clock.advance(800);
    expect((await warmer.warm(comes('1m', 60_000))).calls).toBe(0);
    expect((await warmer.warm(comes('1m', 1_000))).calls).toBe(1);
    // Others who ask early now make the same look do.
    await clock.advance(100);
    expect((await warmer.warm(comes('1m', 1_000))).calls).toBe(0);
    expect(exchange.calls).toHaveLength(2);
  });

  it('leaves it to the stream where that renews the sight by itself', async () => {
    const { warmer, exchange, clock, house } = openRig();
    const minutes = { market, timeframe: Timeframe.parse('1m') };
    const question = { series: minutes, count: 1, back: 0, maxAgeMs: 1_000 };
    await warmer.warm(question);
    const fromMs = minutes.timeframe.floor(clock.nowMs());
    await clock.advance(500);
    const rows = exchange.show(minutes, { beforeMs: Infinity, count: 1 }, clock.nowMs());
    await house.window.put(
      {
        ...{ series: minutes, covered: { fromMs: 0, untilMs: 0 }, finals: [] },
        ...{ claimsBeginning: false, head: { fromMs, rows } },
      },
      { seenAtMs: clock.nowMs(), provenance: 'stream' },
    );
    await clock.advance(800);
    const untilMs = clock.nowMs() + 900;
    expect((await warmer.warm({ ...question, untilMs })).calls).toBe(0);
    await clock.advance(1_500);
    const later = { ...question, maxAgeMs: 5_000, untilMs: clock.nowMs() + 4_900 };
    expect((await warmer.warm(later)).calls).toBe(1);
  });

  it('asks in the lane of preloading, behind everybody who waits', async () => {
    const { warmer, house } = openRig();
    await warmer.warm({ series, count: 60, back: 1, maxAgeMs: 0 });
    expect(house.loads.map(({ demand }) => demand.lane)).toEqual(['preload']);
  });

  it('brings a deep need page by page, each row once', async () => {
    const { warmer, exchange, ask } = openRig();
    const pages: number[] = [];
    for await (const { rows } of warmer.warmDepth({ series, candles: 879 }, signal))
      pages.push(rows);
    expect(pages).toEqual([200, 200, 200, 200, 79]);
    expect(exchange.calls).toHaveLength(5);
    let beforeMs = series.timeframe.floor(START_MS);
    for (const count of pages) {
      const { rows } = await ask(count, beforeMs);
      expect(rows).toHaveLength(count);
      beforeMs = rows.at(-1)?.openMs ?? 0;
    }
  });

  it('does not look again at what closed just now, only because it closed just now', async () => {
    const { warmer, clock, exchange } = openRig();
    const depth = { series: { market, timeframe: Timeframe.parse('1m') }, candles: 150 };
    await clock.advance(31_000);
    for (const wanted of ['once', 'again']) {
      for await (const { rows } of warmer.warmDepth(depth, signal))
        expect([wanted, rows]).toEqual([wanted, 150]);
      await clock.advance(2_000);
    }
    expect(exchange.calls).toHaveLength(1);
  });

  it('ends where history begins', async () => {
    const { warmer } = openRig();
    const days = { market, timeframe: Timeframe.parse('1M') };
    const pages: number[] = [];
    for await (const { rows } of warmer.warmDepth({ series: days, candles: 400 }, signal)) {
      pages.push(rows);
    }
    expect(pages).toEqual([12]);
  });

  it('stops when it is told to', async () => {
    const { warmer, exchange } = openRig();
    const stop = new AbortController();
    const all = async (): Promise<void> => {
      for await (const { rows } of warmer.warmDepth({ series, candles: 879 }, stop.signal)) {
        expect(rows).toBe(200);
        stop.abort(new Error('the worker stops'));
      }
    };
    await expect(all()).rejects.toThrow('the worker stops');
    expect(exchange.calls).toHaveLength(1);
  });

  it('does not wait for the exchange once it is told to stop', async () => {
    const { exchange, warmer } = openRig();
    const stop = new AbortController();
    exchange.getCandles = () => new Promise(() => undefined);
    const question = { series, count: 60, back: 1, maxAgeMs: 0 };
    const warming = warmer.warm(question, { signal: stop.signal });
    stop.abort(new Error('the worker stops'));
    await expect(warming).rejects.toThrow('the worker stops');
  });

  it('leaves the newest page to whoever looks at the present, and brings what is older', async () => {
    const { warmer, exchange, ask } = openRig();
    const terms = { leavesNewest: true };
    expect(await warmer.tryDepth({ series, candles: 158 }, signal, terms)).toBe(0);
    expect(await warmer.tryDepth({ series, candles: 500 }, signal, terms)).toBe(2);
    expect(exchange.calls).toHaveLength(2);
    const beforeMs = series.timeframe.shift(START_MS, -200);
    expect((await ask(200, beforeMs)).rows).toHaveLength(200);
  });

  it('makes no call that the budget does not allow, and says so', async () => {
    const { warmer, exchange } = openRig(2);
    const depth = warmer.warmDepth({ series, candles: 879 }, signal);
    const rows: number[] = [];
    const all = async (): Promise<void> => {
      for await (const page of depth) rows.push(page.rows);
    };
    await expect(all()).rejects.toMatchObject({ code: 'PRELOAD_BUDGET_SPENT', retryable: true });
    expect(exchange.calls).toHaveLength(2);
  });

  it('pays nothing for a call that somebody else makes anyway', async () => {
    const { warmer, exchange, left } = openRig(10);
    const question = { series, count: 60, back: 0, maxAgeMs: 1_000 };
    await Promise.all([warmer.warm(question), warmer.warm(question)]);
    expect(exchange.calls).toHaveLength(1);
    expect(left()).toBe(9);
  });

  it('leaves what fails to the callers', async () => {
    const { warmer, exchange } = openRig(1);
    expect(await warmer.tryDepth({ series, candles: 400 }, signal)).toBe(1);
    expect(exchange.calls).toHaveLength(1);
  });
});
