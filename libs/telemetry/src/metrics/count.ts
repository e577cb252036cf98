/** A number that only grows. Adding to it is one addition in memory, so it may stand on the fastest way. */
export class Count {
  private sum = 0;

  get value(): number {
    return this.sum;
  }

  add(amount = 1): void {
    this.sum += amount;
  }
}
