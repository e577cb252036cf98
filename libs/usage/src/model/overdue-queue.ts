import type { Rhythm } from './rhythm';

interface Entry {
  readonly atMs: number;
  readonly rhythm: Rhythm;
}

/** Rhythms by the instant from which their awaited arrival counts as absent, soonest first (binary heap). */
export class OverdueQueue {
  private readonly heap: Entry[] = [];
  private readonly awaited = new Map<Rhythm, Entry>();

  /** Queues a rhythm by what it awaits now; what it awaited before is void. */
  put(rhythm: Rhythm): void {
    const atMs = rhythm.overdueMs;
    if (this.awaited.get(rhythm)?.atMs === atMs) return;
    if (atMs === Infinity) {
      this.drop(rhythm);
      return;
    }
    const entry = { atMs, rhythm };
    this.awaited.set(rhythm, entry);
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
  }

  drop(rhythm: Rhythm): void {
    this.awaited.delete(rhythm);
  }

  /** Takes the next rhythm that is overdue at `nowMs`, or undefined. */
  take(nowMs: number): Rhythm | undefined {
    for (
      let first = this.heap[0];
      first !== undefined && first.atMs <= nowMs;
      first = this.heap[0]
    ) {
      this.removeFirst();
      if (this.awaited.get(first.rhythm) !== first) continue;
      this.awaited.delete(first.rhythm);
      return first.rhythm;
    }
    return undefined;
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink();
  }

  private rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.at(parent) <= this.at(place)) return;
      this.swap(parent, place);
      place = parent;
    }
  }

  private sink(): void {
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const least = this.at(left + 1) < this.at(left) ? left + 1 : left;
      if (this.at(least) >= this.at(place)) return;
      this.swap(least, place);
      place = least;
    }
  }

  private at(place: number): number {
    return this.heap[place]?.atMs ?? Infinity;
  }

  private swap(one: number, other: number): void {
    const { [one]: a, [other]: b } = this.heap;
    if (a === undefined || b === undefined) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}
