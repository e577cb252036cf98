import type { UsageQuestion } from '../usage-question';
import { AskedQuestion } from './asked-question';
import { DueIndex } from './due-index';
import { OverdueQueue } from './overdue-queue';
import type { Rhythm } from './rhythm';

/** Of all questions, the least worth that are forgotten at once when there are too many. */
const FORGOTTEN_SHARE = 0.05;

/** A rhythm and the question that has it. */
export interface OwnedRhythm {
  readonly asked: AskedQuestion;
  readonly rhythm: Rhythm;
}

/** All questions that are remembered, at most so many, with their rhythms indexed by time. */
export class Memory {
  private readonly questions = new Map<string, AskedQuestion>();
  private readonly owners = new Map<Rhythm, AskedQuestion>();
  private readonly indexed = new Map<AskedQuestion, readonly Rhythm[]>();
  private readonly due = new DueIndex();
  private readonly overdue = new OverdueQueue();

  constructor(private readonly mostQuestions: number) {}

  get size(): number {
    return this.questions.size;
  }

  all(): Iterable<AskedQuestion> {
    return this.questions.values();
  }

  find(text: string): AskedQuestion | undefined {
    return this.questions.get(text);
  }

  /** The question by its text; a new one when it was never asked. */
  open(text: string, question: UsageQuestion): AskedQuestion {
    const known = this.questions.get(text);
    if (known !== undefined) return known;
    const asked = new AskedQuestion(text, question);
    this.questions.set(text, asked);
    return asked;
  }

  /** Takes in a question that was stored, in place of what is known of it. */
  put(asked: AskedQuestion): void {
    this.forget(asked.text);
    this.questions.set(asked.text, asked);
    this.index(asked);
  }

  forget(text: string): void {
    const asked = this.questions.get(text);
    if (asked === undefined) return;
    this.questions.delete(text);
    for (const rhythm of this.indexed.get(asked) ?? []) this.unindex(rhythm);
    this.indexed.delete(asked);
  }

  /** Finds the question's rhythms by the times that they have now. */
  index(asked: AskedQuestion): void {
    const { rhythms } = asked;
    const former = this.indexed.get(asked);
    if (former !== rhythms) this.own(asked, former ?? []);
    for (const rhythm of rhythms) {
      this.due.put(rhythm);
      this.overdue.put(rhythm);
    }
  }

  /** Judges every arrival as absent that should have come by `heardMs`: all of a rhythm at once, what is forgotten by then not at all. */
  settle(heardMs: number): void {
    for (
      let rhythm = this.overdue.take(heardMs);
      rhythm !== undefined;
      rhythm = this.overdue.take(heardMs)
    ) {
      const asked = this.owners.get(rhythm);
      if (asked === undefined) continue;
      if (rhythm.isForgotten(heardMs)) asked.drop(rhythm);
      else rhythm.missedUntil(heardMs);
      this.index(asked);
    }
  }

  /** Nobody listened before `fromMs`: nothing that was awaited then is judged. */
  resume(fromMs: number): void {
    for (const asked of this.questions.values()) {
      asked.followers.forgetOpen();
      for (const rhythm of asked.rhythms) rhythm.resume(fromMs);
      this.index(asked);
    }
  }

  /** Rhythms of which a likely window may begin in [fromMs, untilMs). */
  *dueWithin(fromMs: number, untilMs: number): Iterable<OwnedRhythm> {
    for (const rhythm of this.due.within(fromMs, untilMs)) {
      const asked = this.owners.get(rhythm);
      if (asked !== undefined) yield { asked, rhythm };
    }
  }

  /** Forgets the least worth when there are too many; returns their texts. */
  shrink(worth: (asked: AskedQuestion) => number): readonly string[] {
    if (this.questions.size <= this.mostQuestions) return [];
    const surplus = this.questions.size - this.mostQuestions;
    const count = surplus + Math.floor(this.mostQuestions * FORGOTTEN_SHARE);
    const weighed = [...this.questions.values()].map((asked) => ({ asked, value: worth(asked) }));
    weighed.sort((a, b) => a.value - b.value);
    const dropped = weighed.slice(0, count).map(({ asked }) => asked.text);
    for (const text of dropped) this.forget(text);
    return dropped;
  }

  private own(asked: AskedQuestion, former: readonly Rhythm[]): void {
    const { rhythms } = asked;
    for (const rhythm of former) if (!rhythms.includes(rhythm)) this.unindex(rhythm);
    this.indexed.set(asked, rhythms);
    for (const rhythm of rhythms) this.owners.set(rhythm, asked);
  }

  private unindex(rhythm: Rhythm): void {
    this.owners.delete(rhythm);
    this.due.drop(rhythm);
    this.overdue.drop(rhythm);
  }
}
