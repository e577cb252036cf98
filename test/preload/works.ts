import { type MarketCode, parseMarketCode } from '@candlekeep/market';
import {
  backtest,
  chart,
  followRules,
  HOUR_MS,
  MINUTE_MS,
  poll,
  screen,
  SEVEN_RULES,
  seriesOf,
  type Span,
} from '../economy/calculators';
import type { TimedRequest } from '../economy/timed-request';
import { SeededRandom } from '../support/seeded-random';
import { busyTape, type Tapes } from '../support/tape';
import type { Question } from './question';
import type { LiveWork } from './live-replay';
import { marketsOf, type PreloadWork } from './replay';
import { dailyVariables, sevenRules } from './strategy-documents';

const LISTED_MS = Date.UTC(2021, 2, 5, 9);
const JITTER_MS = 2_000;
const BTC = parseMarketCode('KRW-BTC');
/** Positions are on these, the first ones first. */
const POSITIONS: readonly MarketCode[] = [
  ...['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-KNC'],
  ...Array.from({ length: 6 }, (_, index) => `KRW-P${index}`),
].map(parseMarketCode);
const SCREENED = Array.from({ length: 120 }, (_, index) => parseMarketCode(`KRW-S${index}`));
/** In the evening in UTC, so that days change under way, on both sides of 9:00 in Korea; each of the markets is listed by then. */
const FROM_MS = Date.UTC(2025, 11, 1) + 21 * HOUR_MS;

/** So many positions with seven rules each, and daily variables of one of their markets. */
export function positionsWork(positions: number, hours: number, seed: number): PreloadWork {
  const span = { fromMs: FROM_MS, untilMs: FROM_MS + hours * HOUR_MS };
  const markets = POSITIONS.slice(0, positions);
  const questions = positionQuestions(markets, span, seed);
  return {
    ...workOf(`A(${positions}) + B without the stream`, span, questions),
    strategies: [...markets.map(sevenRules), dailyVariables(BTC)],
    timeframes: ['1m', '5m', '15m', '1d'],
  };
}

/** The same on markets that are followed by the stream. */
export function followedWork(positions: number, hours: number, seed: number): LiveWork {
  const work = positionsWork(positions, hours, seed);
  const followed = POSITIONS.slice(0, positions);
  const listed = followed.filter((market) => market.startsWith('KRW-P'));
  return { ...work, name: `A(${positions}) + B with the stream`, followed, listed };
}

/** What positions' rules and the daily calculators ask in a span. */
function positionQuestions(markets: readonly MarketCode[], span: Span, seed: number): Question[] {
  const random = new SeededRandom(seed);
  const rules = markets.flatMap((market) =>
    asked(
      `position-${market}`,
      followRules({ market, span, jitterMs: JITTER_MS }, SEVEN_RULES, random),
    ),
  );
  const daily = [70, 65, 110, 80].flatMap((count, index) => {
    const rule = { timeframe: '1d', count };
    return asked(`daily-${index}`, poll({ market: BTC, span, everyMs: 144_000 }, [rule], random));
  });
  return [...rules, ...daily].sort((a, b) => a.atMs - b.atMs);
}

/** Runs of a screener over 120 markets of which nothing is known at first: 1d × 7, again × 7, × 30, × 60. */
export function screenerWork(): PreloadWork {
  const questions = SCREENER_RUNS.flatMap((count, run) =>
    screened(FROM_MS + run * SCREEN_EVERY_MS, count),
  );
  const span = { fromMs: FROM_MS, untilMs: FROM_MS + SCREENER_RUNS.length * SCREEN_EVERY_MS };
  return { ...workOf('C', span, questions), strategies: [], timeframes: [] };
}

/** Rows that each run asks for. */
export const SCREENER_RUNS = [7, 7, 30, 60] as const;
export const SCREEN_EVERY_MS = 4 * MINUTE_MS;

/**
 * One run: four indicators of each market, a market each tenth of a second, of closed days alone: indicators of daily candles are ranked by
 * days that are over, and a second run on the same day finds them all.
 */
function screened(atMs: number, count: number): Question[] {
  const requests = asked('screener', screen({ markets: SCREENED, atMs, count }));
  return requests.map((one) => {
    const beforeMs = one.series.timeframe.floor(one.atMs);
    return { ...one, lane: 'monitor', beforeMs };
  });
}

/** Charts that open, scroll back and follow, and a backtest of a bounded stretch. */
export function chartsWork(hours: number, seed: number): PreloadWork {
  const span = { fromMs: FROM_MS, untilMs: FROM_MS + hours * HOUR_MS };
  const questions = chartQuestions(span, 5, seed);
  return { ...workOf('D, charts and a backtest', span, questions), strategies: [], timeframes: [] };
}

function chartQuestions(span: Span, charts: number, seed: number): Question[] {
  const random = new SeededRandom(seed);
  const eachMs = (span.untilMs - span.fromMs) / charts;
  const all = Array.from({ length: charts }, (_, index) => {
    const atMs = Math.floor(span.fromMs + eachMs * (index + random.next() / 2));
    const series = seriesOf(
      random.pick(POSITIONS.slice(0, 3)),
      random.pick(['1m', '5m', '15m', '60m']),
    );
    return chart({ series, atMs, pages: random.between(1, 4), followMs: 300_000 });
  });
  const minutes = seriesOf(BTC, '1m');
  const untilMs = minutes.timeframe.floor(span.fromMs - 24 * HOUR_MS);
  const atMs = (span.fromMs + span.untilMs) / 2;
  const isShort = span.untilMs - span.fromMs < HOUR_MS;
  const candles = isShort ? 2_000 : 20_000;
  const old = backtest({ series: minutes, atMs, untilMs, candles }, false);
  return [
    ...asked('chart', all.flat()).map((one) => ({ ...one, lane: 'chart' as const })),
    ...asked('backtest', old).map((one) => ({ ...one, lane: 'backtest' as const })),
  ].sort((a, b) => a.atMs - b.atMs);
}

/**
 * Three positions, daily variables, a screener at 9:00 in Korea, charts and a backtest; the cache server is restarted after an eighth of the day,
 * the exchange is away for a quarter of it and answers 429 for a minute after three quarters; its clock is 2 s ahead.
 */
export function demoWork(hours: number, seed: number): PreloadWork {
  const span = { fromMs: FROM_MS, untilMs: FROM_MS + hours * HOUR_MS };
  const at = (share: number): number => Math.floor(span.fromMs + share * hours * HOUR_MS);
  const markets = POSITIONS.slice(0, 3);
  const questions = [
    ...positionQuestions(markets, span, seed),
    ...chartQuestions(span, 5, seed + 1),
    ...screened(at(1 / 8), 30),
  ].map((one) => ({ ...one, staleIfErrorMs: 12 * HOUR_MS }));
  return {
    ...workOf(
      'the demo day',
      span,
      questions.sort((a, b) => a.atMs - b.atMs),
    ),
    strategies: [...markets.map(sevenRules), dailyVariables(BTC)],
    timeframes: ['1m', '5m', '15m', '1d'],
    aheadMs: 2_000,
    deeds: [
      { atMs: at(1 / 6), act: ({ house }) => void house.tiers.loseL1() },
      {
        atMs: at(3 / 8),
        act: ({ exchange }) => {
          exchange.mood = 'down';
        },
      },
      {
        atMs: at(5 / 8),
        act: ({ exchange }) => {
          exchange.mood = 'well';
        },
      },
      {
        atMs: at(3 / 4),
        act: ({ exchange }) => {
          exchange.mood = 'refusing';
        },
      },
      {
        atMs: at(3 / 4) + MINUTE_MS,
        act: ({ exchange }) => {
          exchange.mood = 'well';
        },
      },
    ],
  };
}

/** Markets that trade in each minute. */
function tapesOf(questions: readonly Question[]): Tapes {
  return new Map(marketsOf(questions).map((market) => [market, busyTape(LISTED_MS)]));
}

function workOf(name: string, span: Span, questions: readonly Question[]) {
  return { name, span, questions, tapes: tapesOf(questions) };
}

function asked(caller: string, requests: readonly TimedRequest[]): Question[] {
  return requests.map((request) => ({ ...request, caller, lane: 'bot' }));
}
