import type { Rhythm } from './rhythm';

const SECOND_MS = 1_000;

interface Place {
  readonly grid: Grid;
  readonly second: number;
}

/** Rhythms by the second in which their likely window begins: of the period for a grid, else of all time. */
class Grid {
  readonly seconds = new Map<number, Set<Rhythm>>();

  /** `length`: seconds of the period; undefined for one without end. */
  constructor(private readonly length: number | undefined) {}

  secondOf(atMs: number): number {
    return this.placeOf(Math.floor(atMs / SECOND_MS));
  }

  /** Every rhythm once, when the range is as long as the period, or longer than all that is known. */
  *within(fromMs: number, untilMs: number): Iterable<Rhythm> {
    const first = Math.floor(fromMs / SECOND_MS);
    const after = Math.ceil(untilMs / SECOND_MS);
    const { seconds, length = seconds.size } = this;
    if (after - first >= Math.min(length, seconds.size)) {
      for (const rhythms of seconds.values()) yield* rhythms;
      return;
    }
    for (let second = first; second < after; second += 1) {
      const rhythms = seconds.get(this.placeOf(second));
      if (rhythms !== undefined) yield* rhythms;
    }
  }

  private placeOf(second: number): number {
    return this.length === undefined ? second : second % this.length;
  }
}

/** Finds the rhythms that may begin in a range without looking at the others. */
export class DueIndex {
  private readonly grids = new Map<number | undefined, Grid>();
  private readonly places = new Map<Rhythm, Place>();

  /** Puts a rhythm where its window begins now. */
  put(rhythm: Rhythm): void {
    const { startMs } = rhythm;
    if (startMs === undefined) {
      this.drop(rhythm);
      return;
    }
    const grid = this.gridOf(rhythm);
    const second = grid.secondOf(startMs);
    const place = this.places.get(rhythm);
    if (place?.second === second) return;
    this.drop(rhythm);
    this.places.set(rhythm, { grid, second });
    const there = grid.seconds.get(second);
    if (there === undefined) grid.seconds.set(second, new Set([rhythm]));
    else there.add(rhythm);
  }

  drop(rhythm: Rhythm): void {
    const place = this.places.get(rhythm);
    if (place === undefined) return;
    this.places.delete(rhythm);
    const there = place.grid.seconds.get(place.second);
    there?.delete(rhythm);
    if (there?.size === 0) place.grid.seconds.delete(place.second);
  }

  /** Every rhythm that may have a window which begins in [fromMs, untilMs); some that have none. */
  *within(fromMs: number, untilMs: number): Iterable<Rhythm> {
    for (const grid of this.grids.values()) yield* grid.within(fromMs, untilMs);
  }

  private gridOf({ gridMs }: Rhythm): Grid {
    const known = this.grids.get(gridMs);
    if (known !== undefined) return known;
    const grid = new Grid(gridMs === undefined ? undefined : gridMs / SECOND_MS);
    this.grids.set(gridMs, grid);
    return grid;
  }
}
