import { parseMarketCode, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import type { Expected } from './ask';
import { AskPlanner } from './ask-planner';

const BTC = parseMarketCode('KRW-BTC');
const START_MS = Date.UTC(2026, 0, 14, 9);
/** Some seconds after the close. */
const PHASE_MS = START_MS + 4_000;
const TICK_MS = 100;
const LEAD_MS = 300;
const TERMS = { tickMs: TICK_MS, leastWorth: 0.85 };

/** Each is another one's unless it is said. */
let callers = 0;

function expected(more: Partial<Expected> & { code?: string } = {}): Expected {
  const { code = '15m', ...rest } = more;
  return {
    series: { market: BTC, timeframe: Timeframe.parse(code) },
    ...{ count: 60, back: 0, maxAgeMs: 1_000, probability: 0.95 },
    ...{ fromMs: PHASE_MS, untilMs: PHASE_MS + 400, source: 'habit', why: 'a habit' },
    caller: `caller ${(callers += 1)}`,
    ...rest,
  };
}

/** Instants, ms from the phase, at which something is asked, by a planner that is called every tick. */
function asksOver(
  all: readonly Expected[],
  { fromMs = -5_000, untilMs = 5_000 } = {},
): { atMs: number; names: string[] }[] {
  const planner = new AskPlanner({ leadMs: LEAD_MS });
  const asks: { atMs: number; names: string[] }[] = [];
  for (let atMs = fromMs; atMs < untilMs; atMs += TICK_MS) {
    const nowMs = PHASE_MS + atMs;
    const open = all.filter((one) => one.untilMs > nowMs);
    const now = planner.plan(open, nowMs, TERMS);
    if (now.length > 0) asks.push({ atMs, names: now.map(({ series }) => series.timeframe.code) });
  }
  return asks;
}

describe('an ask planner', () => {
  it('asks once, as late as the first of those who come allows', () => {
    const asks = asksOver([expected()]);
    expect(asks).toHaveLength(1);
    const { atMs = 0 } = asks[0] ?? {};
    expect(atMs).toBeLessThanOrEqual(-LEAD_MS);
    expect(atMs).toBeGreaterThanOrEqual(-LEAD_MS - 2 * TICK_MS);
  });

  it('asks again for what it was told was not asked', () => {
    const planner = new AskPlanner({ leadMs: LEAD_MS });
    const one = expected();
    const ask = (atMs: number) => planner.plan([one], PHASE_MS + atMs, TERMS);
    const [first] = ask(-LEAD_MS);
    if (first === undefined) throw new Error('nothing was asked');
    expect(ask(-200)).toEqual([]);
    planner.forget(first, PHASE_MS - LEAD_MS);
    expect(ask(-100)).toHaveLength(1);
    planner.forget(first, PHASE_MS - LEAD_MS);
    expect(ask(0)).toEqual([]);
  });

  it('does not take closed candles that could still change for those that somebody wants later', () => {
    const closed = { back: 1, code: '15m' };
    const [soon, later] = [
      expected({ ...closed, fromMs: PHASE_MS, untilMs: PHASE_MS + 400 }),
      expected({ ...closed, fromMs: PHASE_MS + 21_000, untilMs: PHASE_MS + 21_400 }),
    ];
    const evenLater = expected({
      ...closed,
      fromMs: PHASE_MS + 50_000,
      untilMs: PHASE_MS + 50_400,
    });
    const asks = asksOver([soon, later, evenLater], { untilMs: 60_000 });
    expect(asks.map(({ atMs }) => Math.round(atMs / 1_000) + 0)).toEqual([0, 21]);
  });

  it('looks at no present before the candle has opened in which somebody comes', () => {
    const young = expected({ fromMs: START_MS, untilMs: START_MS + 400 });
    expect(asksOver([young])).toEqual([expect.objectContaining({ atMs: START_MS - PHASE_MS })]);
  });

  it('counts what one caller asks together as one chance, however many say so', () => {
    const caller = 'one';
    const doubtful = ['1m', '5m', '15m', '60m'].map((code) =>
      expected({ code, caller, probability: 0.5 }),
    );
    expect(asksOver(doubtful)).toEqual([]);
  });

  it('does not ask for what is too unlikely, or comes too widely spread to be met', () => {
    expect(asksOver([expected({ probability: 0.8 })])).toEqual([]);
    expect(asksOver([expected({ untilMs: PHASE_MS + 5_000 })])).toEqual([]);
  });

  it('takes what several are likely to want of one market together', () => {
    const unlikely = ['1m', '5m', '15m'].map((code) => expected({ code, probability: 0.6 }));
    expect(asksOver(unlikely)).toEqual([expect.objectContaining({ names: ['1m', '5m', '15m'] })]);
  });

  it('asks again when the first look is too old for those who are still likely to come', () => {
    const many = Array.from({ length: 7 }, (_, index) =>
      expected({ code: ['1m', '5m', '15m'][index % 3] ?? '1m', untilMs: PHASE_MS + 2_000 }),
    );
    const asks = asksOver(many);
    expect(asks.length).toBeGreaterThanOrEqual(2);
    expect(asks.length).toBeLessThanOrEqual(3);
  });

  it('lets one look serve whoever takes older rows', () => {
    const patient = [0, 10_000, 20_000].map((ms) =>
      expected({ maxAgeMs: 60_000, fromMs: PHASE_MS + ms, untilMs: PHASE_MS + ms + 400 }),
    );
    expect(asksOver(patient, { untilMs: 30_000 })).toHaveLength(1);
  });

  it('asks for closed candles once a slot, and never before it is known which they are', () => {
    const young = expected({ back: 1, fromMs: START_MS, untilMs: START_MS + 400 });
    expect(asksOver([young])).toEqual([expect.objectContaining({ atMs: START_MS - PHASE_MS })]);
    const [fromMs, untilMs] = [START_MS + 20_000, START_MS + 60_000];
    const settled = expected({ back: 1, maxAgeMs: 0, fromMs, untilMs });
    const asks = asksOver([settled], { untilMs: 60_000 });
    expect(asks).toHaveLength(1);
    expect(asks[0]?.atMs).toBeGreaterThanOrEqual(START_MS - PHASE_MS);
  });

  it('is told of one question once, as deep and as fresh as any wants it', () => {
    const planner = new AskPlanner({ leadMs: LEAD_MS });
    const asks = planner.plan(
      [expected({ count: 20 }), expected({ count: 120, maxAgeMs: 5_000 })],
      PHASE_MS - LEAD_MS,
      TERMS,
    );
    expect(asks).toEqual([expect.objectContaining({ count: 120, maxAgeMs: 1_000 })]);
  });

  it('never asks when what it asks for is less likely to be used than it demands', () => {
    const one = fc.record({
      code: fc.constantFrom('1m', '15m', '1d'),
      probability: fc.double({ min: 0, max: 0.4, noNaN: true }),
      maxAgeMs: fc.constantFrom(1_000, 5_000),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 3 }), (all) => {
        // Three at 0.4 are together 0.784 likely.
        expect(asksOver(all.map((more) => expected(more)))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
