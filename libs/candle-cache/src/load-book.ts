import { PAGE_ROWS } from './candle-query';
import type { LoadTarget } from './candle-source';

/** Each 200 rows of a query need a head, at most a few pages and a few folds; more loads than this mean that they do not help. */
const MAX_LOADS = 12;
/** On a thin market 200 rows lie many tiles back: after so many folds for each 200 one page is the shorter way. */
const MAX_FOLDS = 4;
/** A page that was loaded and still lacks what it was chosen for will lack it again. Twice, since another's sight may have come between. */
const MAX_LOADS_OF_A_PAGE = 2;

/** The loads that one journey has had made, and which ones would not help any more. */
export class LoadBook {
  private readonly loads = new Map<string, number>();
  private readonly pages: number;

  /** @param rows that the journey's query asks for */
  constructor(rows: number) {
    this.pages = Math.ceil(rows / PAGE_ROWS);
  }

  /** All loads so far. */
  get count(): number {
    return [...this.loads.values()].reduce((sum, loads) => sum + loads, 0);
  }

  /** Loads of this so far. */
  countOf(target: LoadTarget): number {
    return this.loads.get(loadName(target)) ?? 0;
  }

  add(target: LoadTarget): void {
    this.loads.set(loadName(target), this.countOf(target) + 1);
  }

  /** What the store could fold and a fold did not bring, only the exchange can tell. */
  isFoldingDone(target: LoadTarget): boolean {
    const folds = [...this.loads.keys()].filter((name) => name.startsWith('fold:'));
    return folds.length >= MAX_FOLDS * this.pages || folds.includes(loadName(target));
  }

  /** Whether this page, or so many loads at all, have been loaded without an answer. */
  isGoingInCircles(target: LoadTarget): boolean {
    const ofPage = target.kind === 'page' ? this.countOf(target) : 0;
    return this.count >= MAX_LOADS * this.pages || ofPage >= MAX_LOADS_OF_A_PAGE;
  }
}

/** `fold:5m:1735689600000`, `head:1m:`. */
export function loadName(target: LoadTarget): string {
  const until = target.kind === 'head' ? '' : String(target.untilMs);
  return `${target.kind}:${target.series.timeframe.code}:${until}`;
}
