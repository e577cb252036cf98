import { seriesName } from '@candlekeep/market';
import type { UsageNote } from '../usage-note';
import { questionText } from '../usage-question';
import type { AskedQuestion } from './asked-question';
import { FOLLOWS_WITHIN_MS } from './followers';
import { HourlyRequests } from './hourly-requests';
import { ListenedTime } from './listened-time';
import { Memory } from './memory';
import { describePatterns, type UsagePatterns, type Weighed } from './patterns';
import type { Prediction, PredictionReason } from './prediction';
import { lookOut, type Outlook } from './outlook';
import { findQuestion } from './question';
import { findAsked, questionRow } from './question-row';
import { RecentlyAsked } from './recently-asked';
import { type SeriesWorth, weighSeries } from './series-worth';
import { findTotals, TOTALS_KEY, totalsRow } from './totals-row';

const MOST_QUESTIONS = 5_000;
const SAID_AT_ONCE = 3;
const NAMED_KEYS = 5;
const LIKELY = 0.5;
/** The soonest few are looked for within two seconds, then within three times as long, and so on. */
const FIRST_LOOK_MS = 2_000;
const LONGER_LOOK = 2;
/** What is asked a day is told from this much listened time at least: six requests of the first minute are 144 a day, no more. */
const LEAST_LISTENED_MS = 3_600_000;
/** A question with a living habit is worth so many requests a day more than one without. */
const HABIT_WORTH = 1;

export interface ModelOptions {
  /** Questions (caller, series, count, back, age) remembered; the least worth are forgotten. Default 5,000. */
  readonly mostQuestions?: number;
}

/** Begin of the likely arrival in [fromMs, untilMs), epoch ms. */
export interface PredictionWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Least probability. Default 0.5. */
  readonly atLeast?: number;
  /** The soonest so many; the later ones are hardly looked for. Default: all. */
  readonly most?: number;
}

/** One part of the model as it is stored; `data` (JSON) undefined: forgotten. */
export interface ModelRow {
  readonly key: string;
  readonly data: unknown;
}

/** What callers habitually ask, learned by counting. Pure: time comes with the notes. */
export class UsageModel {
  private readonly memory: Memory;
  private readonly recent: RecentlyAsked;
  private readonly time = new ListenedTime();
  private readonly changed = new Set<string>();
  private hours = new HourlyRequests();
  private unreadable = 0;
  private readonly leftOut: string[] = [];

  constructor({ mostQuestions = MOST_QUESTIONS }: ModelOptions = {}) {
    this.memory = new Memory(mostQuestions);
    this.recent = new RecentlyAsked(mostQuestions);
  }

  /** Questions remembered, and rows that {@link restore} could not read and left out. */
  get counts(): { readonly questions: number; readonly unreadable: number } {
    return { questions: this.memory.size, unreadable: this.unreadable };
  }

  /** Keys of the first few rows that {@link restore} left out. */
  get unreadableKeys(): readonly string[] {
    return this.leftOut;
  }

  /**
   * Learns from one note (notes come in order of time, a second out of order at most); says what likely follows it: at
   * most 3, the likeliest first.
   */
  learn(note: UsageNote): readonly Prediction[] {
    this.heard(note.atMs);
    const listenedMs = this.time.at(note.atMs);
    const asked = this.open(note);
    asked.requests.add(note.times, listenedMs);
    this.hours.add(note.times, note.atMs, listenedMs);
    asked.arrived(note.atMs);
    this.memory.index(asked);
    this.followUp(asked, note.atMs);
    this.changed.add(asked.text);
    return sequels(asked, note.atMs);
  }

  /** Everything until `untilMs` (epoch ms) was heard: what should have come and did not is absent. */
  heard(untilMs: number): void {
    this.time.heard(untilMs);
    this.memory.settle(this.time.heardMs);
  }

  /** Notes are heard again from `fromMs` on; what was asked between the last note or {@link heard} and then is unknown. */
  listening(fromMs: number): void {
    if (!this.time.missed(fromMs)) return;
    this.memory.resume(fromMs);
    for (const { text } of this.memory.all()) this.changed.add(text);
  }

  /** Every question that is expected and has not come, in order of time; where rhythms agree, the likeliest of them. */
  predict(window: PredictionWindow): readonly Prediction[] {
    const { fromMs, untilMs, atLeast = LIKELY, most = Infinity } = window;
    let nearMs = most === Infinity ? untilMs : fromMs + FIRST_LOOK_MS;
    for (; nearMs < untilMs; nearMs += LONGER_LOOK * (nearMs - fromMs)) {
      const found = this.within({ fromMs, untilMs: nearMs, atLeast });
      if (found.length >= most) return found.slice(0, most);
    }
    return this.within({ fromMs, untilMs, atLeast }).slice(0, most);
  }

  /** For people. */
  patterns(nowMs: number): UsagePatterns {
    return describePatterns(this.weighed(nowMs), this.hours.perDay(this.time.at(nowMs)));
  }

  /** Per series, the most frequent first. */
  worth(nowMs: number): readonly SeriesWorth[] {
    return weighSeries(this.weighed(nowMs), nowMs);
  }

  /** What changed since the last call, to be stored. */
  changes(): readonly ModelRow[] {
    const listened = this.time.state;
    if (this.changed.size === 0 || listened === undefined) return [];
    const rows = [...this.changed].map((key) => {
      const asked = this.memory.find(key);
      return { key, data: asked === undefined ? undefined : questionRow(asked) };
    });
    this.changed.clear();
    return [...rows, { key: TOTALS_KEY, data: totalsRow({ listened, hours: this.hours.state }) }];
  }

  /** Takes in stored rows, in any order, in place of what is known of the same. A row that cannot be read is counted. */
  restore(rows: Iterable<ModelRow>): void {
    for (const { key, data } of rows) {
      const isRead = key === TOTALS_KEY ? this.restoreTotals(data) : this.restoreAsked(key, data);
      if (isRead) continue;
      this.unreadable += 1;
      if (this.leftOut.length < NAMED_KEYS) this.leftOut.push(key);
    }
    this.shrink();
    this.memory.settle(this.time.heardMs);
  }

  private within(outlook: Outlook): readonly Prediction[] {
    return lookOut(this.memory.dueWithin(outlook.fromMs, outlook.untilMs), outlook);
  }

  private restoreTotals(data: unknown): boolean {
    const totals = findTotals(data);
    if (totals === undefined) return false;
    this.time.restore(totals.listened);
    this.hours = new HourlyRequests(totals.hours);
    return true;
  }

  private restoreAsked(key: string, data: unknown): boolean {
    const question = findQuestion(key);
    const asked = question === undefined ? undefined : findAsked(key, question, data);
    if (asked !== undefined) this.memory.put(asked);
    return asked !== undefined;
  }

  private open({ caller, series, count, back, maxAgeMs }: UsageNote): AskedQuestion {
    const question = { caller, series, count, back, maxAgeMs };
    const asked = this.memory.open(questionText(question), question);
    this.shrink(asked);
    return asked;
  }

  private shrink(kept?: AskedQuestion): void {
    const listenedMs = this.time.at(this.time.heardMs);
    const forgotten = this.memory.shrink((asked) => {
      if (asked === kept) return Infinity;
      const strongest = Math.max(0, ...asked.habits.map(({ strength }) => strength));
      return asked.requests.at(listenedMs) + HABIT_WORTH * strongest;
    });
    for (const text of forgotten) this.changed.add(text);
  }

  private followUp(asked: AskedQuestion, atMs: number): void {
    const { caller } = asked.question;
    for (const before of this.recent.before(caller, atMs - FOLLOWS_WITHIN_MS)) {
      if (before === asked) continue;
      before.followers.followed(asked, atMs);
      if (this.memory.find(before.text) === before) this.changed.add(before.text);
    }
    asked.followers.asked(atMs);
    this.recent.add(caller, asked, atMs);
  }

  private weighed(nowMs: number): readonly Weighed[] {
    const listenedMs = this.time.at(nowMs);
    return [...this.memory.all()].map((asked) => {
      return { asked, requests: asked.requests.perDay(listenedMs, LEAST_LISTENED_MS) };
    });
  }
}

function sequels(asked: AskedQuestion, atMs: number): readonly Prediction[] {
  const likely = asked.followers.likely(SAID_AT_ONCE);
  if (likely.length === 0) return [];
  const reason: PredictionReason = { kind: 'sequence', after: seriesName(asked.question.series) };
  return likely.map(({ question, probability, lowMs, highMs }) => ({
    caller: question.caller,
    series: question.series,
    count: question.count,
    back: question.back,
    maxAgeMs: question.maxAgeMs,
    fromMs: Math.floor(atMs + lowMs),
    untilMs: Math.ceil(atMs + highMs),
    probability,
    reason,
  }));
}
