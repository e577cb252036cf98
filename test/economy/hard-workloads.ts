import { LATEST_MS } from '@candlekeep/candle-cache';
import { parseMarketCode } from '@candlekeep/market';
import { SeededRandom } from '../support/seeded-random';
import { chart, MINUTE_MS, type Rule, SEVEN_RULES, seriesOf } from './calculators';
import type { TimedRequest } from './timed-request';
import { MARKETS, START_MS, workload, type Workload } from './workloads';

/**
 * Workloads in which it pays to know the future, or to fold each timeframe from every other: the bound allows both, the planner
 * does neither. Their figures are printed and nothing is claimed of them.
 */
export function hardWork(seed: number): Workload[] {
  const random = new SeededRandom(seed);
  return [
    workload('cold starts: 40 markets, any rules at once', [coldStarts(random)]),
    workload('charts of many who only scroll back', [manyCharts(random)]),
    ...[5, 50, 200].map((count) =>
      workload(`closed ranges of ${count} anywhere in 20,000`, [isolated(count, random)]),
    ),
  ];
}

function coldStarts(random: SeededRandom): TimedRequest[] {
  const rules: Rule[] = [
    ...SEVEN_RULES,
    { timeframe: '60m', count: 121 },
    { timeframe: '240m', count: 34 },
    { timeframe: '1d', count: 110 },
  ];
  return Array.from({ length: 40 }, (_, index) => {
    const atMs = START_MS + index * MINUTE_MS;
    const market = parseMarketCode(`KRW-M${index}`);
    const some = rules.filter(() => random.chance(0.6));
    return some.map(({ timeframe, count }): TimedRequest => {
      const series = seriesOf(market, timeframe);
      return { atMs, series, beforeMs: LATEST_MS, count, maxAgeMs: 1_000 };
    });
  }).flat();
}

function manyCharts(random: SeededRandom): TimedRequest[] {
  const codes = ['1m', '3m', '5m', '15m', '30m', '60m', '240m', '1d'];
  return Array.from({ length: 60 }, (_, index) => {
    const series = seriesOf(random.pick(MARKETS), random.pick(codes));
    const atMs = START_MS + index * 10 * MINUTE_MS + random.between(0, 5 * MINUTE_MS);
    const own = chart({ series, atMs, pages: random.between(0, 12), followMs: 0 });
    return own.map((request) => ({ ...request, maxAgeMs: MINUTE_MS }));
  }).flat();
}

function isolated(count: number, random: SeededRandom): TimedRequest[] {
  const series = seriesOf(MARKETS[0], '1m');
  return Array.from({ length: 300 }, (_, index) => {
    const beforeMs = series.timeframe.shift(START_MS, -random.between(10, 20_000));
    return { atMs: START_MS + index * 1_000, series, beforeMs, count, maxAgeMs: 1_000 };
  });
}
