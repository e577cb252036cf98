import { CandlekeepError } from '@candlekeep/market';

/** One thing that is wrong with a document, and what would be right. */
export interface StrategyProblem {
  /** Its path: `management[1].conditions[0].params.period`; `document` for the whole. */
  readonly field: string;
  readonly expected: string;
}

/** More are not listed: whoever has so many begins anew. */
const LISTED = 50;

/** A document that is no strategy; says everything that is wrong with it at once, at most 50 things. */
export class StrategyRefused extends CandlekeepError {
  readonly code = 'STRATEGY_REFUSED';
  readonly retryable = false;
  readonly problems: readonly StrategyProblem[];

  constructor(what: string, problems: readonly StrategyProblem[]) {
    const listed = problems.slice(0, LISTED);
    const wrong = listed.map(({ field, expected }) => `${field}: ${expected}`).join('; ');
    super(`${what} is refused: ${wrong}. Mend this and try again`);
    this.problems = listed;
  }
}
