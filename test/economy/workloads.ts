import { type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import { SeededRandom } from '../support/seeded-random';
import {
  backtest,
  chart,
  followRules,
  HOUR_MS,
  MINUTE_MS,
  poll,
  type Rule,
  screen,
  SEVEN_RULES,
  seriesOf,
  type Span,
} from './calculators';
import { busyTape, type Tapes, thinTape } from '../support/tape';
import type { TimedRequest } from './timed-request';

/** What is asked in some stretch of time. L1 is lost between phases; L2 stays. */
export interface Workload {
  readonly name: string;
  readonly tapes: Tapes;
  readonly phases: readonly (readonly TimedRequest[])[];
}

/** A moment into a minute, an hour, a day. */
export const START_MS = Date.UTC(2025, 8, 3, 7, 41, 17);
const LISTED_MS = Date.UTC(2021, 2, 5, 9);
const DAY_MS = 24 * HOUR_MS;

const BTC = parseMarketCode('KRW-BTC');
const ETH = parseMarketCode('KRW-ETH');
const SOL = parseMarketCode('KRW-SOL');
const KNC = parseMarketCode('KRW-KNC');
/** Busy markets, the first one the busiest. */
export const MARKETS: readonly [MarketCode, ...MarketCode[]] = [BTC, ETH, SOL];

/** What trading calculators, screeners, charts and backtests ask. */
export function dailyWork(seed: number): Workload[] {
  const random = new SeededRandom(seed);
  const day = spanOf(0, 24);
  return [
    workload('a position with 7 rules, a day', [rulesOf(BTC, day, random)]),
    workload('the same within 200 ms of each boundary', [rulesOf(BTC, day, random, 200)]),
    workload('4 calculators of daily variables, a day', [dailyVariables(day, random)]),
    workload('3 positions and daily variables, 8 hours', [positions(spanOf(0, 8), random)]),
    workload('a screener of 120 markets, 5 runs', [screener(random)]),
    workload('charts that open, scroll back and follow', [charts(random)]),
    workload('a backtest of 20,000 candles, newest first', [minutes(20_000, false)]),
    workload('a backtest of 20,000 candles, oldest first', [minutes(20_000, true)]),
    workload('the same candles in 1m, then longer ones', [backtests()]),
    workload('7 rules, twice restarted after silence', interrupted(random)),
    thinMarket('a thin market: 7 rules, charts', random),
    workload('calculators of any kind', [anyCalculators(random)]),
    workload('calculators of any kind, others', [anyCalculators(random)]),
    workload('closed candles only, 20 s after the boundary', [closedOnly(random)]),
  ];
}

/** Seven rules that wait until the candle is beyond change and ask for closed ones alone. */
function closedOnly(random: SeededRandom): TimedRequest[] {
  return rulesOf(BTC, spanOf(0, 8), random).map((request) => {
    const beforeMs = request.series.timeframe.floor(request.atMs);
    return { ...request, atMs: request.atMs + 20_000, beforeMs };
  });
}

/** A workload on markets that trade in each minute. */
export function workload(name: string, phases: readonly (readonly TimedRequest[])[]): Workload {
  const markets = new Set(phases.flat().map(({ series }) => series.market));
  return { name, tapes: new Map([...markets].map((own) => [own, busyTape(LISTED_MS)])), phases };
}

function spanOf(fromHour: number, hours: number): Span {
  const fromMs = START_MS + fromHour * HOUR_MS;
  return { fromMs, untilMs: fromMs + hours * HOUR_MS };
}

/** One position's rules over a span. */
function rulesOf(
  market: MarketCode,
  span: Span,
  random: SeededRandom,
  jitterMs = 2_000,
): TimedRequest[] {
  return followRules({ market, span, jitterMs }, SEVEN_RULES, random);
}

function dailyVariables(span: Span, random: SeededRandom): TimedRequest[] {
  const rules = [70, 65, 110, 80].map((count) => ({ timeframe: '1d', count }));
  return poll({ market: BTC, span, everyMs: 144_000 }, rules, random);
}

function positions(span: Span, random: SeededRandom): TimedRequest[] {
  const rules = MARKETS.flatMap((market) => rulesOf(market, span, random));
  return [...rules, ...dailyVariables(span, random)];
}

function screener(random: SeededRandom): TimedRequest[] {
  const markets = Array.from({ length: 120 }, (_, index) => parseMarketCode(`KRW-M${index}`));
  return [7, 7, 30, 60, 60].flatMap((count, run) => {
    const atMs = START_MS + run * 4 * HOUR_MS + random.between(0, MINUTE_MS);
    return screen({ markets, atMs, count });
  });
}

function charts(random: SeededRandom): TimedRequest[] {
  const codes = ['1m', '5m', '15m', '60m', '240m', '1d'];
  return Array.from({ length: 12 }, (_, index) => {
    const series = seriesOf(random.pick([BTC, ETH]), random.pick(codes));
    const atMs = START_MS + index * 20 * MINUTE_MS + random.between(0, 15 * MINUTE_MS);
    const pages = random.between(0, 8);
    return chart({ series, atMs, pages, followMs: random.between(5, 300) * 1_000 });
  }).flat();
}

function minutes(candles: number, isOldestFirst: boolean): TimedRequest[] {
  const untilMs = Date.UTC(2025, 7, 30, 3, 7);
  return backtest({ series: seriesOf(BTC, '1m'), atMs: START_MS, untilMs, candles }, isOldestFirst);
}

function backtests(): TimedRequest[] {
  const hour = seriesOf(BTC, '60m');
  const untilMs = Date.UTC(2025, 7, 30, 4);
  const longer = [
    { series: seriesOf(BTC, '15m'), candles: 1_000 },
    { series: hour, candles: 200 },
  ];
  return [
    ...minutes(20_000, false),
    ...longer.flatMap(({ series, candles }, index) => {
      const atMs = START_MS + (index + 1) * HOUR_MS;
      return backtest({ series, atMs, untilMs: hour.timeframe.shift(untilMs, -1), candles }, false);
    }),
  ];
}

function interrupted(random: SeededRandom): TimedRequest[][] {
  return [0, 3, 12].map((hour) => rulesOf(BTC, spanOf(hour, 3), random));
}

function thinMarket(name: string, random: SeededRandom): Workload {
  const span = spanOf(0, 8);
  const traded = { listedMs: START_MS - 90 * DAY_MS, untilMs: span.untilMs + DAY_MS };
  const requests = [
    ...rulesOf(KNC, span, random),
    ...['1m', '3m', '15m'].flatMap((code, index) => {
      const atMs = START_MS + index * HOUR_MS + random.between(0, HOUR_MS);
      return chart({ series: seriesOf(KNC, code), atMs, pages: 5, followMs: 120_000 });
    }),
  ];
  return { name, tapes: new Map([[KNC, thinTape(traded, 0.35, random)]]), phases: [requests] };
}

/** Calculators of any timeframe, need, pace and patience on a few markets, come and gone over some hours. */
function anyCalculators(random: SeededRandom): TimedRequest[] {
  return Array.from({ length: 24 }, () => {
    const fromMs = START_MS + random.between(0, 6 * HOUR_MS);
    const span = { fromMs, untilMs: fromMs + random.between(10, 360) * MINUTE_MS };
    const market = random.pick(MARKETS);
    const rule: Rule = {
      timeframe: random.pick(Timeframe.ALL.slice(1, 10)).code,
      count: random.pick([2, 10, 34, 60, 108, 121, 155, 200]),
      maxAgeMs: random.pick([1_000, 1_000, 5_000, 60_000]),
      each: random.pick(['1m', '5m', '15m']),
    };
    if (random.chance(0.5)) return followRules({ market, span, jitterMs: 2_000 }, [rule], random);
    return poll({ market, span, everyMs: random.between(5, 300) * 1_000 }, [rule], random);
  }).flat();
}
