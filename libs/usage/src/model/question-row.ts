import { z } from 'zod';
import { AskedQuestion, NEWEST_KEPT, ODD_KEPT } from './asked-question';
import { Followers } from './followers';
import { Habit } from './habit';
import { Pace } from './pace';
import { findSums, sumsText } from './sums-text';

const VERSION = 2;
/** Longest row, characters of JSON. */
export const MOST_ROW_LENGTH = 2_000;
/** Delays of a follower that are stored; more are kept while running. */
const STORED_DELAYS = 6;

const count = z.number().min(0);
const share = z.number().min(0).max(1);
const whole = z.number().int();
const distances = z.array(whole).max(16);
const sums = z.string().transform((text, context) => {
  const found = findSums(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'expected sums by hour and weekday' });
  return z.NEVER;
});
const habit = z.object({
  every: whole.positive(),
  anchor: whole,
  slot: whole,
  last: whole,
  alive: share,
  recent: z.tuple([count, count]),
  day: z.tuple([whole, share]),
  at: distances,
  sums,
});
const pace = z.object({
  every: whole.positive(),
  last: whole,
  seen: whole,
  misses: whole.optional(),
  alive: share,
  recent: z.tuple([count, count]),
  at: distances,
});
const followers = z.object({
  asked: count,
  next: z.array(z.tuple([z.string(), count, share, distances])).max(8),
});
const rowSchema = z.object({
  v: z.literal(VERSION),
  requests: z.tuple([count, count]),
  newest: z.array(whole).max(NEWEST_KEPT),
  odd: z.array(whole).max(ODD_KEPT),
  habits: z.array(habit).max(6),
  pace: pace.optional(),
  followers,
});

type HabitRow = z.input<typeof habit>;
type FollowerRow = z.infer<typeof followers>['next'][number];
export type QuestionRow = z.input<typeof rowSchema>;

/** What is kept of a question between runs: at most 2,000 characters of JSON, the weakest parts left out. */
export function questionRow(asked: AskedQuestion): QuestionRow {
  const { requests, newest, odd, followers: following } = asked.state;
  const [value, listenedMs] = requests.state;
  const next = following.state.followers
    .map(({ subject, hits, vitality, delays }): FollowerRow => {
      return [subject, rounded(hits), rounded(vitality), delays.slice(-STORED_DELAYS)];
    })
    .sort(([, a], [, b]) => b - a);
  const strongest = [...asked.habits].sort((a, b) => b.strength - a.strength);
  return fitting({
    v: VERSION,
    requests: [rounded(value), Math.round(listenedMs)],
    newest: steps(newest),
    odd: steps(odd),
    habits: strongest.map(habitRow),
    ...(asked.pace === undefined ? {} : { pace: paceRow(asked.pace) }),
    followers: { asked: rounded(following.state.asked), next },
  });
}

/** Reads {@link questionRow}; undefined for anything else. */
export function findAsked(
  text: string,
  question: AskedQuestion['question'],
  data: unknown,
): AskedQuestion | undefined {
  const row = rowSchema.safeParse(data);
  if (!row.success) return undefined;
  const { requests, newest, odd, habits, pace: paced, followers: following } = row.data;
  const followers = following.next.map(([subject, hits, vitality, delays]) => {
    return { subject, hits, vitality, delays };
  });
  return new AskedQuestion(text, question, {
    requests: AskedQuestion.requestsOf(requests),
    newest: instants(newest),
    odd: instants(odd),
    habits: habits.map(habitOf),
    pace: paced === undefined ? undefined : paceOf(paced),
    followers: new Followers(question.caller, { asked: following.asked, followers }),
  });
}

function fitting(row: QuestionRow): QuestionRow {
  const { habits, followers: following } = row;
  const { next } = following;
  if (JSON.stringify(row).length <= MOST_ROW_LENGTH) return row;
  if (next.length > 3) {
    return fitting({ ...row, followers: { ...following, next: next.slice(0, -1) } });
  }
  if (habits.length > 1) return fitting({ ...row, habits: habits.slice(0, -1) });
  return { ...row, followers: { ...following, next: [] }, odd: [] };
}

function habitRow({ state }: Habit): HabitRow {
  return {
    every: state.everyMs,
    anchor: state.anchorMs,
    slot: state.slot,
    last: state.lastMs,
    alive: rounded(state.vitality),
    recent: [rounded(state.recentHits), rounded(state.recentChances)],
    day: [state.day, rounded(state.dayVitality)],
    at: [...state.distances],
    sums: sumsText(state.sums),
  };
}

function habitOf(row: z.output<typeof habit>): Habit {
  const [recentHits, recentChances] = row.recent;
  const [day, dayVitality] = row.day;
  return new Habit({
    everyMs: row.every,
    anchorMs: row.anchor,
    slot: row.slot,
    lastMs: row.last,
    vitality: row.alive,
    recentHits,
    recentChances,
    day,
    dayVitality,
    distances: row.at,
    sums: row.sums,
  });
}

function paceRow({ state }: Pace): z.input<typeof pace> {
  const { everyMs, lastMs, seenMs, misses, vitality, recentHits, recentChances } = state;
  return {
    every: Math.round(everyMs),
    last: Math.round(lastMs),
    seen: seenMs,
    ...(misses === undefined ? {} : { misses }),
    alive: rounded(vitality),
    recent: [rounded(recentHits), rounded(recentChances)],
    at: [...state.distances],
  };
}

function paceOf(row: z.output<typeof pace>): Pace {
  const [recentHits, recentChances] = row.recent;
  const place = { everyMs: row.every, lastMs: row.last, seenMs: row.seen, misses: row.misses };
  return new Pace({ ...place, vitality: row.alive, recentHits, recentChances, distances: row.at });
}

/** Instants as the first and the steps between them, which are shorter. */
function steps(instantsMs: readonly number[]): number[] {
  return instantsMs.map((atMs, index) => atMs - (instantsMs[index - 1] ?? 0));
}

function instants(stepsMs: readonly number[]): number[] {
  let atMs = 0;
  return stepsMs.map((step) => (atMs += step));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
