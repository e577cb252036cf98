import { type CallerClass, type MarketCode, parseMarketCode } from '@candlekeep/market';
import {
  backtest,
  chart,
  followRules,
  HOUR_MS,
  poll,
  screen,
  SEVEN_RULES,
  seriesOf,
  type Span,
} from '../economy/calculators';
import type { TimedRequest } from '../economy/timed-request';
import type { SeededRandom } from '../support/seeded-random';

/** A question of the day. */
export interface DayRequest extends TimedRequest {
  readonly caller: CallerClass;
  readonly staleIfErrorMs?: number;
}

const BTC = parseMarketCode('KRW-BTC');
/** Each has a position with seven rules. The last one is thin: two minutes in three have no trade. */
export const FOLLOWED = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-KNC'].map(parseMarketCode);
/** What the screener looks at: none of them is followed. */
export const SCREENED: readonly MarketCode[] = Array.from({ length: 120 }, (_, index) =>
  parseMarketCode(`KRW-S${index}`),
);
const JITTER_MS = 2_000;
const CHARTS = 5;
const BACKTEST_CANDLES = 20_000;

/** Seven rules for each followed market, and calculators of daily variables. */
export function bots(span: Span, random: SeededRandom): DayRequest[] {
  const rules = FOLLOWED.flatMap((market) =>
    followRules({ market, span, jitterMs: JITTER_MS }, SEVEN_RULES, random),
  );
  const daily = [70, 65, 110, 80].map((count) => ({ timeframe: '1d', count }));
  const polls = poll({ market: BTC, span, everyMs: 144_000 }, daily, random);
  return asked([...rules, ...polls], 'bot');
}

/** Charts that open, scroll back and follow, spread over the span. */
export function charts(span: Span, random: SeededRandom): DayRequest[] {
  const eachMs = (span.untilMs - span.fromMs) / CHARTS;
  const requests = Array.from({ length: CHARTS }, (_, index) => {
    const atMs = Math.floor(span.fromMs + eachMs * (index + random.next() / 2));
    const series = seriesOf(random.pick(FOLLOWED), random.pick(['1m', '5m', '15m', '60m']));
    return chart({ series, atMs, pages: random.between(1, 4), followMs: 300_000 });
  });
  return asked(requests.flat(), 'chart');
}

/** One backtest over old minutes of a followed market. */
export function oldMinutes({ fromMs, untilMs }: Span): DayRequest[] {
  const series = seriesOf(BTC, '1m');
  const atMs = (fromMs + untilMs) / 2;
  const endMs = series.timeframe.floor(fromMs - 24 * HOUR_MS);
  const span = { series, atMs, untilMs: endMs, candles: BACKTEST_CANDLES };
  return asked(backtest(span, false), 'backtest');
}

/** Five runs of the screener. */
export function screener({ fromMs, untilMs }: Span): DayRequest[] {
  const eachMs = (untilMs - fromMs) / 5;
  const requests = [7, 7, 30, 60, 60].flatMap((count, run) =>
    screen({ markets: SCREENED, atMs: Math.floor(fromMs + eachMs * (run + 0.3)), count }),
  );
  return asked(requests, 'monitor');
}

function asked(requests: readonly TimedRequest[], caller: CallerClass): DayRequest[] {
  return requests.map((request) => ({ ...request, caller }));
}
