const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** 2^32 divided by the golden ratio, odd: steps of this size visit every 32-bit number. */
const GOLDEN_STEP = 0x9e3779b9;

/** Numbers that look drawn by lot but follow from a name alone, so every process at every moment draws the same ones. */
export class HashSequence {
  private state: number;

  constructor(name: string) {
    this.state = FNV_OFFSET;
    for (let i = 0; i < name.length; i += 1) {
      this.state = Math.imul(this.state ^ name.charCodeAt(i), FNV_PRIME);
    }
  }

  /** The next integer from 0 to `bound - 1`. */
  below(bound: number): number {
    this.state = (this.state + GOLDEN_STEP) | 0;
    return Math.floor((scramble(this.state) / 2 ** 32) * bound);
  }

  /** The values in an order drawn by lot. */
  shuffled<T>(values: readonly T[]): T[] {
    return values
      .map((value) => ({ value, rank: this.below(2 ** 31) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  }
}

/** Spreads a change in any bit over all 32; the result is unsigned. */
function scramble(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x297a2d39);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
