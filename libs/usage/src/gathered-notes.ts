/** A question of one flush interval, however often it was asked. */
export interface GatheredNote {
  readonly text: string;
  /** When it was first asked, monotonic ms. */
  readonly askedMs: number;
  times: number;
}

/** Different questions that one flush carries: 2,000 a second of one gateway. */
export const MAX_DIFFERENT = 500;

/**
 * The questions since the last flush, equal ones merged. Of more different ones than it holds it keeps a fair sample (reservoir
 * sampling): each that came has the same chance to stay, early or late.
 */
export class GatheredNotes {
  private byText = new Map<string, GatheredNote>();
  private notes: GatheredNote[] = [];
  /** Questions that were not among those held when they came. */
  private offered = 0;

  /** @param random a number in [0, 1) */
  constructor(private readonly random: () => number) {}

  get size(): number {
    return this.notes.length;
  }

  /** Takes a question in, in constant time; returns how many questions were dropped for it, itself included. */
  add(text: string, askedMs: number): number {
    const known = this.byText.get(text);
    if (known !== undefined) {
      known.times += 1;
      return 0;
    }
    this.offered += 1;
    const isFull = this.notes.length === MAX_DIFFERENT;
    const place = isFull ? Math.floor(this.random() * this.offered) : this.notes.length;
    return place < MAX_DIFFERENT ? this.put(place, { text, askedMs, times: 1 }) : 1;
  }

  /** Hands over what is held, and begins anew. */
  take(): readonly GatheredNote[] {
    const { notes } = this;
    this.byText = new Map();
    this.notes = [];
    this.offered = 0;
    return notes;
  }

  private put(place: number, note: GatheredNote): number {
    const former = this.notes[place];
    this.notes[place] = note;
    this.byText.set(note.text, note);
    if (former === undefined) return 0;
    this.byText.delete(former.text);
    return former.times;
  }
}
