import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { UsageModel, type UsageNote } from '@candlekeep/usage';
import type { ActiveNeed } from './active-needs';
import { Foreseer } from './foreseer';

const BTC = parseMarketCode('KRW-BTC');
const CLOSE_MS = Date.UTC(2026, 0, 14, 9, 15);
const QUARTER_MS = 15 * 60_000;

function seriesOf(code: string): Series {
  return { market: BTC, timeframe: Timeframe.parse(code) };
}

function need(sinceMs: number): ActiveNeed {
  const series = seriesOf('15m');
  return { series, candles: 158, reasons: [], strategies: ['demo'], sinceMs };
}

function noteAt(atMs: number, more: Partial<UsageNote> = {}): UsageNote {
  const question = { caller: 'bot-1', series: seriesOf('15m'), count: 60, back: 0 };
  return { ...question, maxAgeMs: 1_000, times: 1, atMs, ...more };
}

/** Instants at which something is asked, with what, by ticks of 100 ms. */
function asksBetween(foreseer: Foreseer, fromMs: number, untilMs: number) {
  const asks: { atMs: number; source: string }[] = [];
  for (let atMs = fromMs; atMs < untilMs; atMs += 100) {
    for (const { source } of foreseer.due(atMs)) asks.push({ atMs, source });
  }
  return asks;
}

describe('a foreseer', () => {
  it('takes a strategy at its word for its first closes, and then goes by who asks', () => {
    const foreseer = new Foreseer(undefined);
    foreseer.setNeeds([need(CLOSE_MS - 60_000)]);
    const asked = (close: number) => {
      const atMs = CLOSE_MS + close * QUARTER_MS;
      return asksBetween(foreseer, atMs - 2_000, atMs + 3_000).length > 0;
    };
    expect([0, 1, 2, 3].map(asked)).toEqual([true, true, true, false]);
    foreseer.heed(noteAt(CLOSE_MS + 3 * QUARTER_MS + 500));
    expect([4, 5, 6, 7].map(asked)).toEqual([true, true, true, false]);
  });

  it('asks at a close for what a strategy needs, and not before it', () => {
    const foreseer = new Foreseer(undefined);
    foreseer.setNeeds([need(CLOSE_MS - 60_000)]);
    const [first] = asksBetween(foreseer, CLOSE_MS - 10_000, CLOSE_MS + 5_000);
    expect(first?.source).toBe('strategy');
    expect(first?.atMs).toBeGreaterThanOrEqual(CLOSE_MS);
    expect(first?.atMs).toBeLessThanOrEqual(CLOSE_MS + 100);
  });

  it('asks for what a caller habitually asks, just before it comes', () => {
    const foreseer = new Foreseer(new UsageModel());
    const phaseMs = 4_000;
    for (let slot = -40; slot < 0; slot += 1) {
      foreseer.heed(noteAt(CLOSE_MS + slot * QUARTER_MS + phaseMs + (slot % 3) * 40));
    }
    const asks = asksBetween(foreseer, CLOSE_MS - 5_000, CLOSE_MS + 10_000);
    expect(asks).toHaveLength(1);
    expect(asks[0]?.source).toBe('habit');
    const earlyMs = CLOSE_MS + phaseMs - (asks[0]?.atMs ?? 0);
    expect(earlyMs).toBeGreaterThan(0);
    expect(earlyMs).toBeLessThan(1_000);
  });

  it('asks for what follows a question, at once', () => {
    const foreseer = new Foreseer(new UsageModel());
    const follower = { series: seriesOf('1d'), count: 110 };
    // Irregular, so that the question itself is no habit.
    const instants = Array.from(
      { length: 40 },
      (_, i) => CLOSE_MS + i * 3_700_000 + ((i * 7_919) % 97) * 31_000,
    );
    for (const atMs of instants) {
      foreseer.heed(noteAt(atMs));
      foreseer.heed(noteAt(atMs + 600, follower));
    }
    const againMs = (instants.at(-1) ?? 0) + 5_000_000;
    foreseer.heed(noteAt(againMs));
    const asks = asksBetween(foreseer, againMs + 10, againMs + 1_000);
    expect(asks.map(({ source }) => source)).toContain('sequence');
  });

  it('makes little work of callers who ask much', () => {
    const foreseer = new Foreseer(new UsageModel());
    const codes = ['1m', '5m', '15m', '60m', '1d'];
    for (let minute = 0; minute < 12; minute += 1) {
      for (let bot = 0; bot < 40; bot += 1) {
        for (const [at, code] of codes.entries()) {
          const caller = `bot-${bot}`;
          const atMs = CLOSE_MS + minute * 60_000 + bot * 30 + at * 40;
          foreseer.heed(noteAt(atMs, { caller, series: seriesOf(code) }));
        }
      }
    }
    const endMs = CLOSE_MS + 12 * 60_000;
    expect(foreseer.upcoming(endMs, endMs + 3_600_000, 50)).toHaveLength(50);
    const asks = asksBetween(foreseer, endMs - 1_000, endMs + 5_000);
    // One market, five series: a look a second while they come.
    expect(asks.length).toBeGreaterThan(0);
    expect(asks.length).toBeLessThanOrEqual(5 * 4);
  });

  it('says what is expected, the soonest first', () => {
    const foreseer = new Foreseer(undefined);
    foreseer.setNeeds([
      need(CLOSE_MS - 60_000),
      { ...need(CLOSE_MS - 60_000), series: seriesOf('5m') },
    ]);
    const upcoming = foreseer.upcoming(CLOSE_MS + 3_000, CLOSE_MS + QUARTER_MS + 60_000, 50);
    expect(upcoming.map(({ series }) => series.timeframe.code)).toEqual(['5m', '15m']);
  });
});
