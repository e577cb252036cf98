import { cellAt } from './column';

/** Answers the largest of any stretch of values in logarithmic time. A binary tree in one array: node `i` has children `2i` and `2i + 1`. */
export class RangeMaximum {
  private readonly size: number;
  private readonly tree: Float64Array;

  constructor(values: readonly number[]) {
    this.size = values.length;
    this.tree = new Float64Array(2 * this.size);
    this.tree.set(values, this.size);
    for (let node = this.size - 1; node > 0; node -= 1) {
      this.tree[node] = Math.max(cellAt(this.tree, 2 * node), cellAt(this.tree, 2 * node + 1));
    }
  }

  /** The largest value at positions `from` (inclusive) to `until` (exclusive); `-Infinity` for an empty stretch. */
  over(from: number, until: number): number {
    let largest = -Infinity;
    let left = from + this.size;
    let right = until + this.size;
    while (left < right) {
      if (left % 2 === 1) largest = Math.max(largest, cellAt(this.tree, left++));
      if (right % 2 === 1) largest = Math.max(largest, cellAt(this.tree, --right));
      left = Math.floor(left / 2);
      right = Math.floor(right / 2);
    }
    return largest;
  }
}
