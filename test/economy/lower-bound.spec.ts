import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { SeededRandom } from '../support/seeded-random';
import { canAnswer, type PossibleCall } from './clairvoyant';
import { lowerBound } from './lower-bound';
import { busyTape, type Tape, thinTape } from '../support/tape';
import type { TimedRequest } from './timed-request';

const MARKET = parseMarketCode('KRW-BTC');
const [MINUTE, THREE] = [Timeframe.parse('1m'), Timeframe.parse('3m')];
const START_MS = Date.UTC(2025, 8, 1);
const STEP_MS = 20_000;
/** Pages so short that a world of some minutes needs more than one. */
const PAGE_ROWS = 2;
const WORLDS = 60;

describe('the lower bound, in worlds so small that every set of calls can be tried', () => {
  it('is never above what some set of calls can do, and often the very number', () => {
    const random = new SeededRandom(7);
    let [exact, tried] = [0, 0];
    while (tried < WORLDS) {
      const { tape, requests } = anyWorld(random);
      const bound = lowerBound(requests, new Map([[MARKET, tape]]), PAGE_ROWS);
      if (bound < 1 || bound > 3) continue;
      tried += 1;
      const calls = possibleCalls(tape, requests);
      const suffices = (size: number): boolean =>
        setsOf(calls, size).some((set) => canAnswer(set, requests, { tape, pageRows: PAGE_ROWS }));
      expect(suffices(bound - 1)).toBe(false);
      if (bound < 3 && suffices(bound)) exact += 1;
    }
    process.stdout.write(`the bound is exact in ${exact} or more of ${tried} small worlds\n`);
    expect(exact).toBeGreaterThan(tried / 3);
  });

  it('counts every sight that no other can stand in for', () => {
    const series = { market: MARKET, timeframe: MINUTE };
    const requests = [0, 30_000, 90_000, 91_000].map((ms): TimedRequest => {
      return { atMs: START_MS + ms, series, beforeMs: Infinity, count: 1, maxAgeMs: 60_000 };
    });
    const tapes = new Map([[MARKET, busyTape(START_MS - 86_400_000)]]);
    expect(lowerBound(requests, tapes)).toBe(2);
    const impatient = requests.map((request) => ({ ...request, maxAgeMs: 500 }));
    expect(lowerBound(impatient, tapes)).toBe(4);
  });

  it('counts a page for every 200 candles that no sight can reach', () => {
    const series = { market: MARKET, timeframe: MINUTE };
    const tapes = new Map([[MARKET, busyTape(START_MS - 30 * 86_400_000)]]);
    const requests = Array.from({ length: 10 }, (_, page): TimedRequest => {
      const beforeMs = MINUTE.shift(START_MS, -page * 200);
      return { atMs: START_MS + page, series, beforeMs, count: 200, maxAgeMs: 1_000 };
    });
    expect(lowerBound(requests, tapes)).toBe(10);
    const overlapping = [...requests, ...requests.map((one) => ({ ...one, count: 77 }))];
    expect(lowerBound(overlapping, tapes)).toBe(10);
  });
});

interface World {
  readonly tape: Tape;
  readonly requests: readonly TimedRequest[];
}

/** A market of some minutes, busy or thin, and up to four requests for its last few candles. */
function anyWorld(random: SeededRandom): World {
  const listedMs = START_MS - 30 * 60_000;
  const span = { listedMs, untilMs: START_MS + 10 * 60_000 };
  const tape = random.chance(0.5) ? busyTape(listedMs) : thinTape(span, 0.6, random);
  const requests = Array.from({ length: random.between(1, 4) }, (): TimedRequest => {
    const timeframe = random.pick([MINUTE, THREE]);
    const atMs = START_MS + random.between(0, 9) * STEP_MS;
    return {
      atMs,
      series: { market: MARKET, timeframe },
      beforeMs: random.chance(0.5) ? Infinity : timeframe.shift(atMs, -random.between(0, 3)),
      count: random.between(1, 3),
      maxAgeMs: random.pick([0, STEP_MS, 3 * STEP_MS]),
    };
  });
  return { tape, requests };
}

/** Every call that could be of use: at each step of time, of either timeframe, of the newest rows or of those before any slot. */
function possibleCalls(tape: Tape, requests: readonly TimedRequest[]): PossibleCall[] {
  const firstMs = Math.min(...requests.map(({ atMs, maxAgeMs }) => atMs - maxAgeMs));
  const lastMs = Math.max(...requests.map(({ atMs }) => atMs));
  const calls: PossibleCall[] = [];
  for (let atMs = firstMs; atMs <= lastMs; atMs += STEP_MS) {
    for (const timeframe of [MINUTE, THREE]) {
      const newest = tape.rowsBefore(timeframe, atMs + 1);
      calls.push({ atMs, timeframe, toMs: Infinity });
      for (let row = newest - 1; row > Math.max(0, newest - 9); row -= 1) {
        calls.push({ atMs, timeframe, toMs: tape.openOf(timeframe, row) });
      }
    }
  }
  return calls;
}

/** All sets of so many calls. */
function setsOf(calls: readonly PossibleCall[], size: number): PossibleCall[][] {
  if (size === 0) return [[]];
  return calls.flatMap((call, index) =>
    setsOf(calls.slice(index + 1), size - 1).map((rest) => [call, ...rest]),
  );
}
