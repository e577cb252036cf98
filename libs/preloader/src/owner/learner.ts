import type { Clock } from '@candlekeep/clock';
import type { ServerClock } from '@candlekeep/redis';
import {
  type ModelRow,
  modelOf,
  type UsageBook,
  type UsageModel,
  type UsageNote,
  type UsageReader,
} from '@candlekeep/usage';

export interface LearnerParts {
  readonly reader: Pick<UsageReader, 'read'>;
  readonly usage: Pick<UsageBook, 'load' | 'save'>;
  /** The queue server's clock, by which notes are dated. */
  readonly queueClock: ServerClock;
  readonly clock: Clock;
}

/** One reading of the stream has so many notes at most. */
const MOST_NOTES = 1_000;
/** After so long without a reading, notes were missed, ms. */
const DEAF_AFTER_MS = 5_000;
/** When nobody has learned anything for so long, the house was off rather than silent, ms. */
const OFF_AFTER_MS = 5 * 60_000;
/** A note comes so late at most, unless the server is slow, ms: what is older has been heard. */
const HEARD_AFTER_MS = 2_000;
/** Beyond so many changed rows, those of what was forgotten are left in the book: the next learner forgets them again. */
const MOST_UNSAVED = 20_000;

/** What is learned of usage under one term of the lease, read from the stream of notes and saved with its place in it. */
export class Learner {
  /** Notes that were learned from, those that were trimmed before they were read, and entries that were no notes. */
  readonly counts = { notes: 0, lost: 0, unreadable: 0 };
  /** Rows that have changed since they were saved, by key. */
  private readonly unsaved = new Map<string, ModelRow>();
  private listenedMonotonicMs: number;

  private constructor(
    readonly model: UsageModel,
    private readonly parts: LearnerParts,
    private lastId: string,
    /** When something was learned last, if that may be long ago; epoch ms. */
    private learnedUntilMs: number | undefined,
  ) {
    this.listenedMonotonicMs = parts.clock.monotonicMs();
  }

  /** Goes on from what was saved last, and shuts out whoever held an older token. Rejects without Redis or Postgres. */
  static async begin(parts: LearnerParts, token: number): Promise<Learner> {
    const { usage, queueClock, clock } = parts;
    await queueClock.update();
    const { rows, lastId, untilMs } = await usage.load(token);
    return new Learner(await modelOf(rows, clock), parts, lastId, untilMs);
  }

  /** The queue server's time, epoch ms. */
  get nowMs(): number | undefined {
    return this.parts.queueClock.at(this.parts.clock.monotonicMs());
  }

  /** Reads what was asked since the last time; `heed` is told of each note, and has the model learn it. */
  async listen(heed: (note: UsageNote) => void): Promise<void> {
    const { reader, queueClock } = this.parts;
    await queueClock.update();
    const { notes, lastId, lost, unreadable } = await reader.read(this.lastId);
    this.lastId = lastId;
    this.counts.notes += notes.length;
    this.counts.lost += lost;
    this.counts.unreadable += unreadable;
    const [first] = notes;
    this.heedTimeOff(first);
    if (lost > 0 && first !== undefined) this.model.listening(first.atMs);
    this.heedSilence();
    for (const note of notes) heed(note);
    // A full answer may not be all that there is.
    const isAll = notes.length < MOST_NOTES;
    if (isAll && this.nowMs !== undefined) this.model.heard(this.nowMs - HEARD_AFTER_MS);
  }

  /** False when another one learns by now: nothing was saved. Rejects without Postgres; the next save takes all. */
  async save(token: number): Promise<boolean> {
    for (const row of this.model.changes()) this.unsaved.set(row.key, row);
    if (this.unsaved.size > MOST_UNSAVED) this.letForgottenBe();
    const rows = [...this.unsaved.values()];
    if (!(await this.parts.usage.save(rows, this.lastId, token))) return false;
    for (const row of rows) if (this.unsaved.get(row.key) === row) this.unsaved.delete(row.key);
    return true;
  }

  /** When all workers were off for long, gateways may have been as well, until the first note that has come since. */
  private heedTimeOff(first: UsageNote | undefined): void {
    const { nowMs, learnedUntilMs } = this;
    if (learnedUntilMs === undefined || nowMs === undefined) return;
    this.learnedUntilMs = undefined;
    const sinceMs = Math.min(nowMs, first?.atMs ?? nowMs);
    if (sinceMs - learnedUntilMs > OFF_AFTER_MS) this.model.listening(sinceMs);
  }

  /** Gateways drop their notes while Redis is away: that time was not heard. */
  private heedSilence(): void {
    const nowMonotonicMs = this.parts.clock.monotonicMs();
    const silentMs = nowMonotonicMs - this.listenedMonotonicMs;
    this.listenedMonotonicMs = nowMonotonicMs;
    if (silentMs > DEAF_AFTER_MS && this.nowMs !== undefined) this.model.listening(this.nowMs);
  }

  private letForgottenBe(): void {
    for (const { key, data } of this.unsaved.values())
      if (data === undefined) this.unsaved.delete(key);
  }
}
