import { Coverage, parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { ModelExchange } from '../../../test/support/model-exchange';
import { type CandleQuery, LATEST_MS } from './candle-query';
import { joinKnown, type KnownCandles } from './known-candles';
import { type Ladder, rungOf } from './ladder';
import { judgePage } from './page-evidence';
import { planRead } from './plan-read';

const START_MS = Date.UTC(2025, 8, 1);
const seriesOf = (code: string): Series => ({
  market: parseMarketCode('KRW-BTC'),
  timeframe: Timeframe.parse(code),
});

interface State {
  known: KnownCandles;
  /** How long an answer of the exchange is on its way, ms. */
  readonly wayMs: number;
}

/** Follows the plans of one query against the model until it is answered; counts the pages. */
function follow(exchange: ModelExchange, state: State, query: CandleQuery, nowMs: number) {
  const instants = {
    nowMs,
    freshSinceMs: nowMs - query.maxAgeMs,
    stored: new Map(),
    canFold: true,
  };
  for (let loads = 0; loads <= 12; loads += 1) {
    const plan = planRead(query, ladderOf(query, state.known), instants);
    if (plan.kind === 'complete') return { rows: plan.rows, head: plan.head, loads };
    state.known = learn(
      exchange,
      state,
      plan.kind === 'load-page' ? plan.untilMs : undefined,
      nowMs,
    );
  }
  throw new Error('the plans do not come to an end');
}

/** Only the asked series is known, as a tier returns it: the newest rows below the bound. */
function ladderOf(query: CandleQuery, known: KnownCandles): Ladder {
  const { series, beforeMs, count } = query;
  const rows = known.rows.filter(({ openMs }) => openMs < beforeMs).slice(0, count);
  return [rungOf({ series, beforeMs, limit: count }, { ...known, rows })];
}

/** As L1 learns: finals that reach past the head without bringing one drop it. */
function learn(
  exchange: ModelExchange,
  { known, wayMs }: State,
  toMs: number | undefined,
  nowMs: number,
) {
  const way = { askedMs: nowMs - wayMs, readMs: nowMs };
  const { covered, finals, head } = judgePage(exchange.page(toMs, nowMs, way));
  const { head: old, ...joined } = joinKnown(known, {
    coverage: Coverage.of([covered]),
    rows: finals,
  });
  if (head !== undefined) return { ...joined, head: { ...head, seenAtMs: nowMs, provenance } };
  return old === undefined || covered.untilMs > old.fromMs ? joined : { ...joined, head: old };
}

const provenance = 'native' as const;
const nothing: KnownCandles = { coverage: Coverage.EMPTY, rows: [] };

describe('planRead', () => {
  const scenario = fc.record({
    code: fc.constantFrom('1s', '1m', '3m', '60m', '1d', '1w', '1M'),
    density: fc.constantFrom(1, 2, 9),
    wayMs: fc.constantFrom(0, 300, 4_900),
    noise: fc.array(fc.nat(8), { minLength: 50, maxLength: 50 }),
    reads: fc.array(
      fc.record({
        waitMs: fc.oneof(fc.nat(3_000), fc.nat(30_000), fc.nat(400_000)),
        back: fc.option(fc.oneof(fc.nat(40), fc.nat(900))),
        offsetMs: fc.integer({ min: -2_000, max: 70_000 }),
        count: fc.integer({ min: 1, max: 200 }),
        maxAgeMs: fc.constantFrom(0, 1_000, 60_000),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });

  it('answers as the exchange does at the moment of the sight, for any questions at any times', () => {
    fc.assert(
      fc.property(scenario, ({ code, density, noise, reads, wayMs }) => {
        const series = seriesOf(code);
        const { timeframe } = series;
        const first = timeframe.slotOf(START_MS);
        const traded = Array.from({ length: 1_200 }, (_, i) => i).filter(
          (i) => (i * 7 + (noise[i % 50] ?? 0)) % density === 0,
        );
        const exchange = new ModelExchange(
          series,
          traded.map((i) => timeframe.openOf(first + i)),
        );
        const state = { known: nothing, wayMs };
        let nowMs = timeframe.openOf(first + 900) + 1_500;
        for (const { waitMs, back, offsetMs, count, maxAgeMs } of reads) {
          nowMs += waitMs;
          const beforeMs =
            back === null ? LATEST_MS : timeframe.ceil(timeframe.shift(nowMs, -back) + offsetMs);
          const query = { series, beforeMs, count, maxAgeMs, onlyIfCached: false };
          const { rows, head } = follow(exchange, state, query, nowMs);
          const asOfMs = head?.seenAtMs ?? nowMs;
          expect(nowMs - asOfMs).toBeLessThanOrEqual(maxAgeMs);
          expect(rows).toEqual(exchange.answer(query, asOfMs));
        }
      }),
      { numRuns: 300 },
    );
  });

  const dense = (code = '1m'): ModelExchange => {
    const series = seriesOf(code);
    const first = series.timeframe.slotOf(START_MS);
    return new ModelExchange(
      series,
      Array.from({ length: 3_000 }, (_, i) => series.timeframe.openOf(first + i)),
    );
  };
  const nowMs = START_MS + 2_000 * 60_000 + 30_000;
  const latest = (count: number, maxAgeMs = 1_000): CandleQuery => ({
    ...{ series: seriesOf('1m'), beforeMs: LATEST_MS, count, maxAgeMs, onlyIfCached: false },
  });

  const budget = { nowMs, freshSinceMs: nowMs - 1_000, stored: new Map(), canFold: true };

  it('needs one page for the newest 200 rows of an unknown series', () => {
    expect(follow(dense(), { known: nothing, wayMs: 0 }, latest(200), nowMs).loads).toBe(1);
  });

  it('needs no page while the head is young enough, and one when it is not', () => {
    const state = { known: nothing, wayMs: 0 };
    follow(dense(), state, latest(200), nowMs);
    expect(follow(dense(), state, latest(14), nowMs + 900).loads).toBe(0);
    expect(follow(dense(), state, latest(14), nowMs + 1_100).loads).toBe(1);
  });

  it('asks nothing for closed candles that are known, however old the head is', () => {
    const state = { known: nothing, wayMs: 0 };
    follow(dense(), state, latest(200), nowMs);
    const closed = { ...latest(100), beforeMs: START_MS + 1_990 * 60_000 };
    expect(follow(dense(), state, closed, nowMs + 86_400_000).loads).toBe(0);
  });

  it('closes the hole that a long silence left with aligned pages', () => {
    const state = { known: nothing, wayMs: 0 };
    follow(dense(), state, latest(200), nowMs);
    const later = nowMs + 500 * 60_000;
    expect(follow(dense(), state, latest(200), later).loads).toBe(1);
    const acrossTheHole = { ...latest(200), beforeMs: START_MS + 2_310 * 60_000 };
    const { rows, loads } = follow(dense(), state, acrossTheHole, later);
    expect(rows).toHaveLength(200);
    expect(loads).toBeLessThanOrEqual(2);
  });

  it.each([
    [10, 'rows'],
    [6, 'a row of the head'],
  ])('does not answer %d over a hole, with %s below it', (count) => {
    const at = (slot: number): number => START_MS + slot * 60_000;
    const rows = dense().answer({ beforeMs: at(1_906), count: 200 }, nowMs);
    const known = {
      coverage: Coverage.of([
        { fromMs: at(1_700), untilMs: at(1_800) },
        { fromMs: at(1_901), untilMs: at(1_906) },
      ]),
      rows: rows.filter(({ openMs }) => openMs >= at(1_901) || openMs < at(1_800)),
      head: {
        ...{ fromMs: at(1_800), seenAtMs: nowMs, provenance },
        rows: rows.filter(({ openMs }) => openMs === at(1_800)),
      },
    };
    const plan = planRead(latest(count), ladderOf(latest(count), known), budget);
    expect(plan.kind).toBe('load-page');
  });

  it('does not take a sight from the future for a fresh one', () => {
    const head = { fromMs: nowMs, seenAtMs: nowMs + 60_000, rows: [], provenance } as const;
    const plan = planRead(latest(1), ladderOf(latest(1), { ...nothing, head }), budget);
    expect(plan).toEqual({ kind: 'refresh-head', timeframe: latest(1).series.timeframe });
  });

  it('ends at the beginning of history with fewer rows', () => {
    const query = { ...latest(200), beforeMs: START_MS + 10 * 60_000 };
    const { rows, loads } = follow(dense(), { known: nothing, wayMs: 0 }, query, nowMs);
    expect(rows).toHaveLength(10);
    expect(loads).toBe(1);
  });
});
