import { noteFigures } from './proof-figures';
import type { LimiterRun } from './limiter-run';

/** Notes a run as a line of the first table of `npm run bench:limiter`. */
export function noteRun(name: string, run: LimiterRun, more: string | number = ''): void {
  noteFigures('arrivals', {
    run: name,
    pages: run.pages,
    calls: run.calls,
    'of the budget': `${(run.share * 100).toFixed(1)} %`,
    'most in any second': run.maxPerSecond,
    violations: run.violationCount,
    'refused by it': run.rejected,
    'asked again': run.refusals,
    disturbances: more,
  });
}
