import type { Lane } from '@candlekeep/market';
import { HOUR_MS, MINUTE_MS } from '../economy/calculators';
import { lowerBound } from '../economy/lower-bound';
import { liveDayLength } from '../support/live-day-length';
import { SeededRandom } from '../support/seeded-random';
import { tapeOf } from '../support/tape';
import { answerTable, callTable, minuteTable, table } from './day-report';
import {
  bots,
  charts,
  type DayRequest,
  FOLLOWED,
  oldMinutes,
  SCREENED,
  screener,
} from './day-work';
import { FAULT_DAYS } from './fault-days';
import { LiveDay } from './live-day';
import { Recovery } from './recovery';

const { seed, hours, only } = liveDayLength();
const isFull = hours === 24;
/** In the evening in UTC, so that days change under way, on both sides of 9:00 in Korea. */
const FROM_MS = Date.UTC(2026, 0, 14, 21, 40, 7);
const SPAN = { fromMs: FROM_MS, untilMs: FROM_MS + hours * HOUR_MS };
/** Of all timeframes together, a followed market and a day. */
const MOST_CALLS = 15;
/** Bots, mended doubts, second looks. Charts and backtests scroll through history, and the screener follows nothing. */
const FOLLOWING: readonly Lane[] = ['bot', 'refresh', 'reconcile'];
/** How much more than the best possible may be spent without the stream. */
const ALLOWANCE = 1.05;
const LEAD_IN_MS = (isFull ? 60 : 4) * MINUTE_MS;
const LEAD_OUT_MS = (isFull ? 60 : 6) * MINUTE_MS;
const DAY_BEFORE_MS = 500 * 24 * HOUR_MS;
const MOST_WAIT_MS = 6 * 3_600_000;

describe(`a simulated day of ${hours} hours, seed ${seed}`, () => {
  it(
    'is answered truly, at few calls, while the stream tells of it',
    async () => {
      const others = isFull ? [...oldMinutes(SPAN), ...screener(SPAN)] : [];
      const requests = [...followingWork(), ...others];
      const plan = { ...SPAN, seed, requests, followed: FOLLOWED, listed: SCREENED };
      const day = new LiveDay(plan);
      await day.run();
      const following = day.exchange.calls.filter(({ lane }) => FOLLOWING.includes(lane));
      const looking = day.exchange.calls.filter(({ lane }) => !FOLLOWING.includes(lane));
      print(callTable(following, FOLLOWED));
      print(minuteTable(day));
      print(answerTable(day));
      const lanes = [...new Set(looking.map(({ lane }) => lane))].map(
        (lane) => `${lane} ${looking.filter((call) => call.lane === lane).length}`,
      );
      print(`calls for who only looks on: ${lanes.join(', ')}`);
      expectTrue(day);
      expect([...day.tally.refusals]).toEqual([]);
      const calls = FOLLOWED.map((market) => {
        const own = following.filter(({ series }) => series.market === market);
        return [market, own.length] as const;
      });
      print(`calls a followed market: ${calls.map((own) => own.join(' ')).join(', ')}`);
      expect(calls.filter(([, own]) => own > MOST_CALLS)).toEqual([]);
    },
    MOST_WAIT_MS,
  );

  it(
    'costs no more than the best possible where there is no stream',
    async () => {
      const requests = followingWork();
      const day = new LiveDay({ ...SPAN, seed, requests, followed: [], isInstant: true });
      await day.run();
      const asked = day.exchange.calls.filter(({ lane }) => lane === 'bot' || lane === 'chart');
      const fromMs = FROM_MS - DAY_BEFORE_MS;
      const opens = (market: (typeof FOLLOWED)[number]): number[] =>
        day.world.tradedMinutes(market, fromMs, SPAN.untilMs);
      const bound = lowerBound(requests, new Map(FOLLOWED.map((own) => [own, tapeOf(opens(own))])));
      print(`without the stream: ${asked.length} calls for callers, bound ${bound}`);
      print(callTable(day.exchange.calls, FOLLOWED));
      expectTrue(day);
      expect(asked.length).toBeGreaterThanOrEqual(bound);
      expect(asked.length).toBeLessThanOrEqual(bound * ALLOWANCE);
    },
    MOST_WAIT_MS,
  );

  it.each(FAULT_DAYS.filter(({ name }) => name.includes(only)))(
    'is answered truly when $name',
    async ({ name, lastsMs, deeds }) => {
      const fault = { fromMs: FROM_MS + LEAD_IN_MS, untilMs: FROM_MS + LEAD_IN_MS + lastsMs };
      const span = { fromMs: FROM_MS, untilMs: fault.untilMs + LEAD_OUT_MS };
      const staleIfErrorMs = 12 * HOUR_MS;
      const requests = bots(span, new SeededRandom(seed)).map((one) => ({
        ...one,
        staleIfErrorMs,
      }));
      const plan = { ...span, seed, requests, followed: FOLLOWED, deeds: deeds(fault) };
      const day = new LiveDay(plan);
      const endMs = Math.max(fault.untilMs, ...plan.deeds.map(({ atMs }) => atMs));
      const recovery = new Recovery(FOLLOWED, endMs, day.clock);
      day.window.onSight = (market, seenAtMs) => {
        recovery.note(market, seenAtMs);
      };
      await day.run();
      printFault(name, day, recovery);
      expectTrue(day);
      expect(recovery.tookMs).toBeLessThan(2 * MINUTE_MS);
    },
    MOST_WAIT_MS,
  );
});

function followingWork(): DayRequest[] {
  const random = new SeededRandom(seed);
  return [...bots(SPAN, random), ...charts(SPAN, random)];
}

function expectTrue({ judge, store }: LiveDay): void {
  expect(judge.wrong.slice(0, 3)).toEqual([]);
  expect(store.wrong.slice(0, 3)).toEqual([]);
}

function printFault(name: string, day: LiveDay, recovery: Recovery): void {
  const calls = (lane: string): number =>
    day.exchange.calls.filter((call) => call.lane === lane).length;
  const { tally, judge, store } = day;
  const answers = tally.answers.get('bot') ?? 0;
  const refused = [...tally.refusals].map(([what, by]) => `${what} ${by}`).join(', ');
  const took =
    recovery.tookMs === undefined ? 'never' : `${(recovery.tookMs / 1_000).toFixed(1)} s`;
  print(
    table([
      [
        'fault',
        'answers',
        'wrong',
        'wrong final',
        'labelled',
        'refused',
        'recovery',
        'calls: bot',
        'refresh',
        'reconcile',
      ],
      [
        ...[name, answers, judge.wrong.length, store.wrong.length, tally.labelled, refused, took],
        ...['bot', 'refresh', 'reconcile'].map(calls),
      ].map(String),
    ]),
  );
  print(minuteTable(day));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
