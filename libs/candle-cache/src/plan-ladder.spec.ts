import {
  type Candle,
  Coverage,
  dailyChange,
  foldInto,
  foldSourcesOf,
  parseMarketCode,
  Timeframe,
} from '@candlekeep/market';
import fc from 'fast-check';
import { ModelExchange } from '../../../test/support/model-exchange';
import { type CandleQuery, LATEST_MS, PAGE_ROWS } from './candle-query';
import { joinKnown, type KnownCandles } from './known-candles';
import { type Ladder, ladderQueries, rungOf } from './ladder';
import { judgePage, readInstant } from './page-evidence';
import { planRead } from './plan-read';
import type { ReadPlan } from './read-plan';
import { tileOf } from './tile';

const MINUTE = 60_000;
const START_MS = Date.UTC(2025, 8, 1);
const market = parseMarketCode('KRW-BTC');
const timeframeOf = (code: string): Timeframe => Timeframe.parse(code);
const base = timeframeOf('1m');

/** One market in all timeframes, whose longer candles are folds of its minutes at every moment. */
class Market {
  private readonly minutes: ModelExchange;
  /** By timeframe, as of one moment: most questions of a run are asked at the same. */
  private readonly folded = new Map<Timeframe, Candle[]>();
  private foldedAtMs = 0;

  constructor(opens: readonly number[]) {
    this.minutes = new ModelExchange({ market, timeframe: base }, opens);
  }

  answer({ series, beforeMs, count }: CandleQuery, nowMs: number): Candle[] {
    const visible = this.rows(series.timeframe, nowMs).filter(({ openMs }) => openMs < beforeMs);
    return visible.slice(-count).reverse();
  }

  rows(timeframe: Timeframe, nowMs: number): Candle[] {
    if (nowMs !== this.foldedAtMs) this.folded.clear();
    this.foldedAtMs = nowMs;
    const rows = this.folded.get(timeframe) ?? this.rowsOf(timeframe, nowMs);
    this.folded.set(timeframe, rows);
    return rows;
  }

  private rowsOf(timeframe: Timeframe, nowMs: number): Candle[] {
    if (timeframe === base) {
      return this.minutes.answer({ beforeMs: Infinity, count: 100_000 }, nowMs).reverse();
    }
    const minutes = this.rows(base, nowMs);
    const rows = foldInto(timeframe, minutes);
    if (timeframe.kind !== 'day') return rows;
    return rows.map((row, i) => ({
      ...row,
      daily: dailyChange(row.close, rows[i - 1]?.close ?? row.open),
    }));
  }
}

/** Everything that the tiers have been shown, by timeframe, and how many calls that took. */
class Tiers {
  calls = 0;
  private readonly known = new Map<string, KnownCandles>();

  constructor(private readonly shown: Market) {}

  /** Follows the plans of one query until it is answered. */
  follow(query: CandleQuery, nowMs: number) {
    const budget = {
      nowMs,
      freshSinceMs: nowMs - query.maxAgeMs,
      stored: this.coverages(),
      canFold: true,
    };
    for (let loads = 0; loads <= 12; loads += 1) {
      const plan = planRead(query, this.ladder(query, nowMs), {
        ...budget,
        stored: this.coverages(),
      });
      if (plan.kind === 'complete') return plan;
      this.load(query, plan, nowMs);
    }
    throw new Error('the plans do not come to an end');
  }

  private ladder(query: CandleQuery, nowMs: number): Ladder {
    const [own, ...sources] = ladderQueries(query, nowMs).map((slice) => {
      const known = this.of(slice.series.timeframe);
      const rows = known.rows.filter(
        ({ openMs }) => openMs < slice.beforeMs && openMs >= (slice.fromMs ?? 0),
      );
      return rungOf(slice, { ...known, rows: rows.slice(0, slice.limit) });
    });
    return [own!, ...sources];
  }

  private load(
    query: CandleQuery,
    plan: Exclude<ReadPlan, { kind: 'complete' }>,
    nowMs: number,
  ): void {
    if (plan.kind === 'fold') {
      this.fold(plan.timeframe, plan.untilMs);
      return;
    }
    this.calls += 1;
    const timeframe = plan.kind === 'load-page' ? query.series.timeframe : plan.timeframe;
    const toMs = plan.kind === 'load-page' ? plan.untilMs : undefined;
    const rows = this.shown
      .rows(timeframe, nowMs)
      .filter(({ openMs }) => openMs < (toMs ?? Infinity));
    const { covered, finals, head } = judgePage({
      ...{ series: { market, timeframe }, requested: PAGE_ROWS, candles: rows.slice(-PAGE_ROWS) },
      ...(toMs === undefined ? {} : { toMs }),
      readAt: readInstant({ dateMs: Math.floor(nowMs / 1_000) * 1_000, askedMs: nowMs, tookMs: 0 }),
    });
    const { head: old, ...joined } = joinKnown(this.of(timeframe), {
      coverage: Coverage.of([covered]),
      rows: finals,
    });
    const sight =
      head === undefined ? old : { ...head, seenAtMs: nowMs, provenance: 'native' as const };
    const isPassed = head === undefined && old !== undefined && covered.untilMs > old.fromMs;
    this.known.set(
      timeframe.code,
      sight === undefined || isPassed ? joined : { ...joined, head: sight },
    );
  }

  /** As a worker folds: whole unknown slots of the tile, and all before the first trade, from the first source that covers them. */
  private fold(timeframe: Timeframe, untilMs: number): void {
    const tile = tileOf(timeframe, timeframe.shift(untilMs, -1));
    for (const source of foldSourcesOf(timeframe)) {
      const { rows, coverage } = this.of(source);
      const own = this.of(timeframe);
      const isFirst = rows.every(({ openMs }) => openMs >= tile.fromMs);
      const reach = isFirst ? { ...tile, fromMs: 0 } : tile;
      const gain = coverage.intersect(reach).wholeSlots(timeframe).subtract(own.coverage);
      const parts = rows
        .filter(({ openMs }) => gain.contains({ fromMs: openMs, untilMs: openMs + 1 }))
        .reverse();
      this.known.set(
        timeframe.code,
        joinKnown(own, { coverage: gain, rows: foldInto(timeframe, parts) }),
      );
    }
  }

  private of(timeframe: Timeframe): KnownCandles {
    return this.known.get(timeframe.code) ?? { coverage: Coverage.EMPTY, rows: [] };
  }

  private coverages(): ReadonlyMap<string, Coverage> {
    return new Map([...this.known].map(([code, { coverage }]) => [code, coverage]));
  }
}

/** Without what depends on the day before: the first recorded day has none. */
const plain = (row: Candle): Candle => {
  const { daily, ...rest } = row;
  return daily === undefined ? row : rest;
};

const latest = (code: string, count: number, maxAgeMs = 1_000): CandleQuery => ({
  ...{ series: { market, timeframe: timeframeOf(code) }, beforeMs: LATEST_MS },
  ...{ count, maxAgeMs, onlyIfCached: false },
});
const opens = (slots: number, isTraded: (slot: number) => boolean = () => true): number[] =>
  Array.from({ length: slots }, (_, slot) => slot)
    .filter(isTraded)
    .map((slot) => START_MS + slot * MINUTE);

describe('planRead over a ladder', () => {
  const reads = fc.array(
    fc.record({
      code: fc.constantFrom('1m', '3m', '5m', '15m', '60m', '240m', '1d'),
      waitMs: fc.oneof(fc.nat(3_000), fc.nat(90_000), fc.nat(4_000_000)),
      back: fc.option(fc.nat(60)),
      count: fc.integer({ min: 1, max: 60 }),
      maxAgeMs: fc.constantFrom(0, 1_000, 60_000),
    }),
    { minLength: 1, maxLength: 10 },
  );

  it('answers as the exchange does at the moment of the sight, whichever timeframes are asked in turn', () => {
    fc.assert(
      fc.property(reads, fc.constantFrom(1, 3, 7), (asked, density) => {
        const exchange = new Market(
          opens(5_000, (slot) => (slot * 5 + (slot % 11)) % density === 0),
        );
        const tiers = new Tiers(exchange);
        let nowMs = START_MS + 3_500 * MINUTE + 1_500;
        for (const { code, waitMs, back, count, maxAgeMs } of asked) {
          nowMs += waitMs;
          const { series } = latest(code, count);
          const beforeMs = back === null ? LATEST_MS : series.timeframe.shift(nowMs, 1 - back);
          const query = { ...latest(code, count, maxAgeMs), beforeMs };
          const { rows, head } = tiers.follow(query, nowMs);
          const asOfMs = head?.seenAtMs ?? nowMs;
          expect(nowMs - asOfMs).toBeLessThanOrEqual(maxAgeMs);
          expect(rows.map(plain)).toEqual(exchange.answer(query, asOfMs).map(plain));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('serves every timeframe of a followed market from one refresh of its minutes', () => {
    const tiers = new Tiers(new Market(opens(8_000)));
    let nowMs = START_MS + 5_760 * MINUTE + 1_500;
    const codes = ['1m', '5m', '15m', '60m', '240m', '1d'];
    for (const code of codes) tiers.follow(latest(code, code === '1d' ? 3 : 10), nowMs);
    for (let minute = 0; minute < 400; minute += 1) {
      nowMs += MINUTE;
      for (const code of codes) tiers.follow(latest(code, code === '1d' ? 3 : 10), nowMs);
      if (minute === 5) tiers.calls = 0;
    }
    expect(tiers.calls).toBe(394);
  });
});
