import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { busyTape, type Tape, tapeOf } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { MemoryHouse } from '../../../test/support/memory-house';
import { type CandleQuery, LATEST_MS } from './candle-query';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const market = parseMarketCode('KRW-KNC');

/** The real planner, journey and worker over tiers in memory; `nowMs` is when the first question comes. */
function houseOf(tape: Tape, nowMs: number) {
  const clock = new ManualClock(nowMs);
  const exchange = new TapeExchange(new Map([[market, tape]]), clock);
  const { cache } = new MemoryHouse(exchange, clock);
  const ask = async (code: string, count: number, more: Partial<CandleQuery> = {}) => {
    const series = { market, timeframe: Timeframe.parse(code) };
    const query = { series, beforeMs: LATEST_MS, count, maxAgeMs: 1_000, onlyIfCached: false };
    return await cache.read({ ...query, ...more });
  };
  const callsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = exchange.calls.length;
    await work();
    return exchange.calls.slice(before).map(({ series }) => series.timeframe.code);
  };
  return { clock, exchange, ask, callsOf };
}

function every(minutes: number, fromMs: number, untilMs: number): number[] {
  const count = Math.ceil((untilMs - fromMs) / (minutes * MINUTE));
  return Array.from({ length: count }, (_, index) => fromMs + index * minutes * MINUTE);
}

describe('a journey', () => {
  it('serves no half-finished row under a closed one, however old a sight the caller accepts', async () => {
    const { clock, exchange, ask } = houseOf(
      busyTape(Date.UTC(2026, 0, 1)),
      Date.UTC(2026, 0, 3, 9, 0, 2),
    );
    await ask('5m', 200);
    await clock.advance(10 * MINUTE + 28_000);
    await ask('1m', 1);
    const { rows, asOfMs } = await ask('5m', 3, { maxAgeMs: 900_000 });
    const shownAt = (atMs: number) =>
      exchange.show(
        { market, timeframe: Timeframe.parse('5m') },
        { beforeMs: LATEST_MS, count: 3 },
        atMs,
      );
    expect([shownAt(clock.nowMs()), shownAt(asOfMs)]).toContainEqual(rows);
  });

  it.each([
    ['5m', 120],
    ['3m', 120],
    ['3m', 60],
    ['15m', 360],
  ])(
    'answers 200 of %s at once where the minutes are known and trade each %d minutes',
    async (code, minutes) => {
      const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
      const { ask, callsOf } = houseOf(
        tapeOf(every(minutes, nowMs - 30_000 - 400 * DAY, nowMs)),
        nowMs,
      );
      let beforeMs = LATEST_MS;
      for (let page = 0; page < 30 && beforeMs > 0; page += 1) {
        beforeMs = (await ask('1m', 200, { beforeMs })).rows.at(-1)?.openMs ?? 0;
      }
      const calls = await callsOf(async () => {
        expect((await ask(code, 200)).rows).toHaveLength(200);
      });
      expect(calls.length).toBeLessThanOrEqual(1);
    },
  );

  it.each(['1d', '1w', '1M'])(
    'costs %s one call an answer after a day without trades',
    async (code) => {
      const todayMs = Date.UTC(2026, 0, 20);
      const nowMs = todayMs + DAY / 2 + 30_000;
      const minutes = [
        ...every(10, todayMs - 30 * DAY, todayMs - DAY),
        ...every(10, todayMs, nowMs),
      ];
      const { clock, ask, callsOf } = houseOf(tapeOf(minutes), nowMs);
      await ask('1m', 1);
      await ask(code, 5);
      await clock.advance(20_000);
      await ask(code, 5);
      await clock.advance(20_000);
      expect(await callsOf(() => ask(code, 5))).toEqual([code]);
    },
  );

  it.each(['15m', '60m', '240m', '1d'])(
    'costs closed candles of %s that nobody knows anything of one call',
    async (code) => {
      const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
      const { ask, callsOf } = houseOf(tapeOf(every(7, nowMs - 400 * DAY, nowMs)), nowMs);
      const beforeMs = Timeframe.parse(code).floor(nowMs);
      expect(await callsOf(() => ask(code, 7, { beforeMs }))).toHaveLength(1);
    },
  );

  it('looks anew where a young sight has been passed by what was folded since', async () => {
    const mondayMs = Date.UTC(2025, 11, 29);
    const minutes = [
      ...every(1, mondayMs - 300 * DAY, mondayMs - DAY),
      ...every(1, mondayMs, mondayMs + DAY),
    ];
    const { clock, ask, callsOf } = houseOf(tapeOf(minutes), mondayMs);
    await ask('1m', 1);
    await ask('1d', 1);
    await clock.advance(5_000);
    await ask('1m', 1, { maxAgeMs: 0 });
    expect(await callsOf(() => ask('1d', 1, { maxAgeMs: 60_000 }))).toEqual(['1d']);
  });
});
