import { isDeepStrictEqual } from 'node:util';
import {
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import { CandlekeepError } from '@candlekeep/market';
import type { PreloadBudget } from '../budget/preload-budget';
import { PreloadBudgetSpent } from './preload-errors';

/** What a source costs, and may not cost more. */
export interface SourceTerms {
  readonly source: CandleSource;
  readonly budget: Pick<PreloadBudget, 'take' | 'giveBack'>;
  /** Share of the budget, 0 to 1, that is left for worthier uses. */
  readonly reserve: number;
}

/** Refusals of the queue: nothing was asked of the exchange. */
const NOT_ASKED: ReadonlySet<string> = new Set(['QUEUE_FULL', 'TOO_MANY_WAITERS']);

/** The way to the exchange of one early question: every load is taken from the budget first, once however often it is waited for, and counted. */
export class BudgetedSource extends CandleSource {
  private made = 0;
  private lastPaid: LoadTarget | undefined;

  constructor(private readonly terms: SourceTerms) {
    super();
  }

  /** Loads of the exchange that were made for this question alone. */
  get calls(): number {
    return this.made;
  }

  /** Rejects with {@link PreloadBudgetSpent} when the budget does not allow a load. Folds are free. */
  override async load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome> {
    const { source, budget, reserve } = this.terms;
    // A load that gave no word is waited for again, and is paid for.
    const isPaid = target.kind === 'fold' || isSame(this.lastPaid, target);
    if (isPaid) return await source.load(target, demand);
    if (!(await budget.take(1, reserve))) throw new PreloadBudgetSpent();
    try {
      const outcome = await source.load(target, demand);
      // Somebody else had asked for it already: it is theirs, and they asked for it anyway.
      if (outcome.collapsed) await budget.giveBack(1);
      else this.made += 1;
      this.lastPaid = target;
      return outcome;
    } catch (error) {
      if (error instanceof CandlekeepError && NOT_ASKED.has(error.code)) await budget.giveBack(1);
      throw error;
    }
  }
}

function isSame(a: LoadTarget | undefined, b: LoadTarget): boolean {
  return a !== undefined && isDeepStrictEqual(a, b);
}
