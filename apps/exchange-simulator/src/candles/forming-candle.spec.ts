import {
  fold,
  parseIsoSeconds,
  parseMarketCode,
  scaledOf,
  Timeframe,
  type Candle,
} from '@candlekeep/market';
import { Exchange } from '../exchange';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const exchange = new Exchange();
const market = parseMarketCode('KRW-ETH');
const start = parseIsoSeconds('2026-11-22T13:50:00');
const minutes = Array.from({ length: 30 }, (_, index) => start + index * MINUTE_MS);

function rowAt(code: string, openMs: number, nowMs: number): Candle | undefined {
  const timeframe = Timeframe.parse(code);
  const page = { market, timeframe, count: 1, beforeMs: openMs + 1 };
  return exchange.candles(page, nowMs).find((row) => row.openMs === openMs);
}

describe('the forming minute', () => {
  it('does not exist before its first trade, then only grows, inside its final range, and ends as recorded', () => {
    for (const openMs of minutes.slice(0, 8)) {
      const final = rowAt('1m', openMs, openMs + 10 * MINUTE_MS)!;
      let seen: Candle | undefined;
      expect(rowAt('1m', openMs, openMs)).toBeUndefined();
      for (let nowMs = openMs; nowMs <= openMs + MINUTE_MS + 400; nowMs += 200) {
        const row = rowAt('1m', openMs, nowMs);
        expectGrowth(seen, row, final);
        seen = row;
      }
      expect(seen).toEqual(final);
    }
  });

  it('may still change after its close, up to the moment at which its last tick is stored', () => {
    const late = minutes.map((openMs) => ({
      openMs,
      row: rowAt('1m', openMs, openMs + 5 * MINUTE_MS)!,
    }));
    const changing = late.filter(({ openMs, row }) => row.timestampMs > openMs + MINUTE_MS);
    expect(changing.length).toBeGreaterThan(0);
    for (const { openMs, row } of changing) {
      expect(rowAt('1m', openMs, row.timestampMs - 1)).not.toEqual(row);
      expect(rowAt('1m', openMs, row.timestampMs)).toEqual(row);
    }
  });

  it('waits with its first trades for a very late tick of the minute before', () => {
    const day = Array.from({ length: 1_440 }, (_, index) => start - index * MINUTE_MS);
    const veryLate = day.filter((openMs) => {
      const row = rowAt('1m', openMs, openMs + 5 * MINUTE_MS);
      return row !== undefined && row.timestampMs > openMs + MINUTE_MS + 600;
    });
    expect(veryLate.length).toBeGreaterThan(0);
    for (const openMs of veryLate) {
      const final = rowAt('1m', openMs, openMs + 5 * MINUTE_MS)!;
      const justBefore = final.timestampMs - 1;
      expect(final.timestampMs).toBeLessThanOrEqual(openMs + MINUTE_MS + 1_881);
      expect(rowAt('1m', openMs, justBefore)).not.toEqual(final);
      expect(rowAt('1m', openMs + MINUTE_MS, justBefore)).toBeUndefined();
    }
  });

  it('has a timestamp that rises from minute to minute', () => {
    const stamps = minutes.map(
      (openMs) => rowAt('1m', openMs, openMs + 5 * MINUTE_MS)!.timestampMs,
    );
    expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b));
  });
});

describe('the seconds', () => {
  it('of a minute fold to exactly the minute', () => {
    for (const openMs of minutes) {
      const page = {
        market,
        timeframe: Timeframe.parse('1s'),
        count: 60,
        beforeMs: openMs + MINUTE_MS,
      };
      const seconds = exchange
        .candles(page, openMs + 5 * MINUTE_MS)
        .filter((row) => row.openMs >= openMs);
      expect(fold(seconds.reverse(), openMs)).toEqual(rowAt('1m', openMs, openMs + 5 * MINUTE_MS));
    }
  });

  it('show a new row only when it is over', () => {
    for (let nowMs = start; nowMs < start + MINUTE_MS; nowMs += 250) {
      const [newest] = exchange.candles(
        { market, timeframe: Timeframe.parse('1s'), count: 1, beforeMs: Infinity },
        nowMs,
      );
      expect(newest!.openMs + SECOND_MS).toBeLessThanOrEqual(nowMs);
    }
  });

  it('are kept for 90 days', () => {
    const kept = { market, timeframe: Timeframe.parse('1s'), count: 200 };
    const edgeMs = start - 90 * 1_440 * MINUTE_MS;
    const around = exchange.candles({ ...kept, beforeMs: edgeMs + 2 * MINUTE_MS }, start);
    expect(around.length).toBeGreaterThan(0);
    expect(around.length).toBeLessThan(200);
    expect(around.every(({ openMs }) => openMs >= edgeMs)).toBe(true);
    expect(exchange.candles({ ...kept, beforeMs: edgeMs }, start)).toEqual([]);
  });
});

function expectGrowth(before: Candle | undefined, now: Candle | undefined, final: Candle): void {
  if (before === undefined || now === undefined) {
    expect(before).toBeUndefined();
    return;
  }
  expect(now.open).toBe(final.open);
  for (const field of ['high', 'volume', 'turnover'] as const) {
    expect(scaledOf(now[field])).toBeGreaterThanOrEqual(scaledOf(before[field]));
    expect(scaledOf(now[field])).toBeLessThanOrEqual(scaledOf(final[field]));
  }
  expect(scaledOf(now.low)).toBeLessThanOrEqual(scaledOf(before.low));
  expect(scaledOf(now.low)).toBeGreaterThanOrEqual(scaledOf(final.low));
  if (now.timestampMs === before.timestampMs) expect(now).toEqual(before);
}
