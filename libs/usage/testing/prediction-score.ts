import { questionText } from '../src/usage-question';
import type { Prediction } from '../src/model/prediction';
import { DAY_MS, type Kind, type WorldNote } from './habit-world';

interface Open {
  readonly prediction: Prediction;
  isRight: boolean;
}

interface Counts {
  said: number;
  /** Sum of the probabilities said: so many should come. */
  promised: number;
  right: number;
  asked: number;
  foreseen: number;
}

/** Judges predictions by what came: each once, a question's overlapping ones as one. */
export class PredictionScore {
  private readonly open = new Map<string, Open[]>();
  private readonly groups = new Map<string, Counts>();

  constructor(private readonly startMs: number) {}

  say(prediction: Prediction): void {
    const text = questionText(prediction);
    const others = this.ended(text, prediction.fromMs);
    if (others.some((other) => other.prediction.untilMs >= prediction.fromMs)) return;
    this.open.set(text, [...others, { prediction, isRight: false }]);
  }

  came(note: WorldNote): void {
    const text = questionText(note);
    const hit = this.ended(text, note.atMs).find(({ prediction, isRight }) => {
      return !isRight && prediction.fromMs <= note.atMs && note.atMs <= prediction.untilMs;
    });
    if (hit !== undefined) hit.isRight = true;
    if (note.kind === 'noise') return;
    for (const group of this.groupsOf(note.atMs, note.kind, note.isNew)) {
      group.asked += 1;
      if (hit !== undefined) group.foreseen += 1;
    }
  }

  /** Judges what is still open. */
  close(): void {
    for (const text of this.open.keys()) this.ended(text, Infinity);
  }

  counts(name: string): Counts {
    const known = this.groups.get(name) ?? {
      said: 0,
      promised: 0,
      right: 0,
      asked: 0,
      foreseen: 0,
    };
    this.groups.set(name, known);
    return known;
  }

  precision(name: string): number {
    const { said, right } = this.counts(name);
    return said === 0 ? 1 : right / said;
  }

  /** The mean probability with which it was said. */
  promise(name: string): number {
    const { said, promised } = this.counts(name);
    return said === 0 ? 1 : promised / said;
  }

  recall(name: string): number {
    const { asked, foreseen } = this.counts(name);
    return asked === 0 ? 1 : foreseen / asked;
  }

  private ended(text: string, nowMs: number): Open[] {
    const all = this.open.get(text) ?? [];
    const left = all.filter(({ prediction }) => prediction.untilMs >= nowMs);
    this.open.set(text, left);
    for (const one of all) if (!left.includes(one)) this.judge(one);
    return left;
  }

  private judge({ prediction, isRight }: Open): void {
    const band = Math.min(9, Math.floor(prediction.probability * 10));
    const day = this.dayOf(prediction.fromMs);
    for (const name of [`band ${band}`, ...this.ifSure(prediction, day)]) {
      const counts = this.counts(name);
      counts.said += 1;
      counts.promised += prediction.probability;
      if (isRight) counts.right += 1;
    }
  }

  private ifSure({ probability, reason }: Prediction, day: number): string[] {
    return probability < 0.8 ? [] : ['all', `day ${day}`, `why ${reason.kind}`];
  }

  private groupsOf(atMs: number, kind: Kind, isNew: boolean): Counts[] {
    const day = this.dayOf(atMs);
    const names = ['all', `day ${day}`, `kind ${kind}`, `${kind} day ${day}`];
    return [...names, ...(isNew ? [`new day ${day}`, `new ${kind} day ${day}`] : [])].map((name) =>
      this.counts(name),
    );
  }

  private dayOf(atMs: number): number {
    return Math.floor((atMs - this.startMs) / DAY_MS);
  }
}
