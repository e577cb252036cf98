import type { Tape } from './tape';

/** What follows from a tape alone, kept: each frame of the stream asks for the same minutes and days again. */
export class TapeMemory<Key, Value> {
  private readonly tapes = new WeakMap<Tape, Map<Key, Value>>();

  /** @param mostKept of each tape; beyond that all of them are forgotten */
  constructor(private readonly mostKept: number) {}

  /** What is kept for the key, else what `make` makes. */
  recall(tape: Tape, key: Key, make: () => Value): Value {
    const kept = this.tapes.get(tape) ?? new Map<Key, Value>();
    this.tapes.set(tape, kept);
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= this.mostKept) kept.clear();
    const made = make();
    kept.set(key, made);
    return made;
  }
}
