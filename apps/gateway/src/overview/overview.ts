import { type Day, readDay } from '@candlekeep/day-counts';
import type { QueueDepths } from '@candlekeep/jobs';
import type { RedisConnection } from '@candlekeep/redis';
import type { Clock } from '@candlekeep/clock';
import type { BuildLabels, Count } from '@candlekeep/telemetry';
import { ANSWER_SOURCES, type AnswerTally } from '../metrics/answer-tally';

/** What of the day's counts comes from gateways, by field. */
const DAY_FIELDS = {
  answers: (source: string): string => `answers:${source}`,
  refused: 'refused',
  eachForItself: 'calls-each-for-itself',
} as const;

/** Where workers count their calls: `calls:lane:bot`, `calls:outcome:answered`. */
const CALLS_BY_LANE = 'calls:lane:';
const CALLS_BY_OUTCOME = 'calls:outcome:';

export interface OverviewParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly depths: Pick<QueueDepths, 'read'>;
  readonly build: BuildLabels & { readonly startedAtMs: number };
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** How the whole cluster does today (UTC). */
export class Overview {
  constructor(private readonly parts: OverviewParts) {}

  /** The body of `GET /api/overview`, counts about a second old. Rejects with ioredis' error. */
  async read() {
    const { redis, depths, build, clock } = this.parts;
    const asOfMs = clock.nowMs();
    const [day, queues] = await Promise.all([readDay(redis, asOfMs), depths.read()]);
    return { asOfMs, day: day.day, ...overviewOf(day), queues, build };
  }
}

/** What of a gateway's counters goes into the day, by field. */
export function dayFieldsOf({
  bySource,
  refusals,
  spared,
}: AnswerTally): readonly (readonly [field: string, count: Count])[] {
  return [
    ...ANSWER_SOURCES.map((source) => [DAY_FIELDS.answers(source), bySource[source]] as const),
    [DAY_FIELDS.refused, refusals],
    [DAY_FIELDS.eachForItself, spared],
  ];
}

/** What the sums of a day say. */
export function overviewOf(day: Day) {
  return { answers: answersOf(day), ...callsOf(day) };
}

function answersOf(day: Day) {
  const bySource = {
    l0: day.count(DAY_FIELDS.answers('l0')),
    l1: day.count(DAY_FIELDS.answers('l1')),
    l2: day.count(DAY_FIELDS.answers('l2')),
    fold: day.count(DAY_FIELDS.answers('fold')),
    exchange: day.count(DAY_FIELDS.answers('exchange')),
  };
  return { total: sumOf(bySource), bySource, refused: day.count(DAY_FIELDS.refused) };
}

function callsOf(day: Day) {
  const byLane = day.startingWith(CALLS_BY_LANE);
  const made = sumOf(byLane);
  const eachForItself = day.count(DAY_FIELDS.eachForItself);
  return {
    exchangeCalls: { total: made, byLane, byOutcome: day.startingWith(CALLS_BY_OUTCOME) },
    calls: { eachForItself, made, saved: eachForItself - made },
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
