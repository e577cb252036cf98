import type { UsageQuestion } from '../usage-question';
import { findQuestion, textOf } from './question';
import { Spread } from './spread';
import { vitalityAfter } from './vitality';

/** What comes later than this after a question does not follow it, ms. */
export const FOLLOWS_WITHIN_MS = 60_000;
/** Followers remembered of one question. */
const MOST_FOLLOWERS = 8;
/** Memory, in times the question was asked: half is forgotten after 16. */
const KEPT = 2 ** (-1 / 16);
/** What follows at all follows so often, mostly: worth so many chances of belief, so that a run of luck is not taken for certainty. */
const PRIOR_RATE = 0.75;
const PRIOR_CHANCES = 4;
/** A follower that comes less often than this is not said. */
const LEAST_PROBABILITY = 0.1;
const PRECISION_MS = 1;
/** That something comes in its time after it follows no more. */
const BY_CHANCE = 0.05;
/** Belief, before its first time is counted, that what came in the minute after follows: mostly it is chance. */
const NEW_VITALITY = 0.03;

/** What is remembered of one follower. */
export interface FollowerState {
  /** What follows, as its text says it without who asks. */
  readonly subject: string;
  /** Times that it followed, decayed. */
  readonly hits: number;
  /** How sure it is that it still follows, 0..1. */
  readonly vitality: number;
  readonly delays: readonly number[];
}

/** What is remembered of a question's followers. */
export interface FollowersState {
  /** Times that the question was asked, decayed. */
  readonly asked: number;
  readonly followers: readonly FollowerState[];
}

/** A question that likely follows, and how long after. */
export interface Following {
  readonly question: UsageQuestion;
  readonly probability: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly middleMs: number;
}

/** What may follow. */
interface Asked {
  /** What is asked, without who asks. */
  readonly subject: string;
  readonly question: UsageQuestion;
}

interface Follower {
  /** Undefined until somebody wants it: of a stored one only the text is at hand. */
  question: UsageQuestion | undefined;
  hits: number;
  vitality: number;
  readonly delay: Spread;
  came: boolean;
}

interface Likely {
  readonly subject: string;
  readonly follower: Follower;
  readonly probability: number;
}

const NOTHING_YET: FollowersState = { asked: 0, followers: [] };

/** What a caller asks within a minute after one question, and how long after. */
export class Followers {
  private readonly known = new Map<string, Follower>();
  private chances: number;
  private openedMs: number | undefined;

  constructor(
    private readonly caller: string,
    { asked, followers }: FollowersState = NOTHING_YET,
  ) {
    this.chances = asked;
    for (const { subject, hits, vitality, delays } of followers) {
      const delay = new Spread(delays, FOLLOWS_WITHIN_MS);
      this.known.set(subject, { hits, vitality, delay, question: undefined, came: false });
    }
  }

  get state(): FollowersState {
    const followers = [...this.known].map(([subject, { hits, vitality, delay }]) => {
      return { subject, hits, vitality, delays: delay.kept };
    });
    return { asked: this.chances, followers };
  }

  /** The question was asked: what did not follow the time before is counted as absent. */
  asked(atMs: number): void {
    this.close();
    this.openedMs = atMs;
  }

  /** Another was asked after it. Only the first time counts. */
  followed({ subject, question }: Asked, atMs: number): void {
    if (this.openedMs === undefined || atMs <= this.openedMs) return;
    const delayMs = atMs - this.openedMs;
    if (delayMs > FOLLOWS_WITHIN_MS) return;
    const follower = this.known.get(subject) ?? this.enter(subject, question);
    if (follower.came) return;
    follower.came = true;
    follower.delay.add(delayMs);
  }

  /** Nobody listened: nothing can be said about what followed. */
  forgetOpen(): void {
    this.openedMs = undefined;
    for (const follower of this.known.values()) follower.came = false;
  }

  /** The likeliest first. */
  likely(most: number, atLeast = LEAST_PROBABILITY): readonly Following[] {
    const likely: Likely[] = [];
    for (const [subject, follower] of this.known) {
      const probability = this.probability(follower);
      if (probability >= atLeast) likely.push({ subject, follower, probability });
    }
    likely.sort((a, b) => b.probability - a.probability);
    return likely.slice(0, most).flatMap((one) => this.describe(one));
  }

  private probability(follower: Follower): number {
    return follower.vitality * this.rate(follower);
  }

  /** Of the times the question was asked, those after which it came, while it follows at all. */
  private rate({ hits }: Follower): number {
    return (hits + PRIOR_RATE * PRIOR_CHANCES) / (this.chances + PRIOR_CHANCES);
  }

  /** Empty for a stored text that is no question. */
  private describe({ subject, follower, probability }: Likely): readonly Following[] {
    follower.question ??= findQuestion(textOf(this.caller, subject));
    const { question, delay } = follower;
    if (question === undefined) return [];
    const { highMs, middleMs } = delay;
    return [
      { question, probability, lowMs: Math.max(PRECISION_MS, delay.lowMs), highMs, middleMs },
    ];
  }

  private close(): void {
    if (this.openedMs === undefined) return;
    for (const follower of this.known.values()) {
      const { came, vitality } = follower;
      follower.vitality = vitalityAfter(vitality, this.rate(follower), BY_CHANCE, came);
      follower.hits = follower.hits * KEPT + (came ? 1 : 0);
      follower.came = false;
    }
    this.chances = this.chances * KEPT + 1;
  }

  private enter(subject: string, question: UsageQuestion): Follower {
    if (this.known.size >= MOST_FOLLOWERS) this.dropWeakest();
    const delay = new Spread([], FOLLOWS_WITHIN_MS);
    const follower = { question, hits: 0, vitality: NEW_VITALITY, delay, came: false };
    this.known.set(subject, follower);
    return follower;
  }

  private dropWeakest(): void {
    const strength = ({ hits, vitality, came }: Follower): number =>
      vitality * hits + (came ? 1 : 0);
    const sorted = [...this.known].sort(([, a], [, b]) => strength(a) - strength(b));
    const weakest = sorted[0];
    if (weakest !== undefined) this.known.delete(weakest[0]);
  }
}
