// The rows of a contest, each beside the reference's.
import { table } from '../figures.mjs';
import { medianOf, medianRatio } from './contest.mjs';

export const perSecond = (round) => round.perSecond;
export const p50Ms = (round) => round.p50Ms;
export const p99Ms = (round) => round.p99Ms;
export const cpuUs = (round) => round.cpuUs;

/** `reference` is one of `results`; the last three columns are medians of the rounds' ratios to it. */
export function contestTable(title, results, reference) {
  const row = (result) => {
    const median = (figure, digits) => medianOf(result, figure).toFixed(digits);
    const ratio = (figure) => medianRatio(result, reference, figure).toFixed(2);
    return [
      ...[result.name, median(perSecond, 0), median(p50Ms, 2), median(p99Ms, 2), median(cpuUs, 0)],
      ...[ratio(perSecond), ratio(p99Ms), ratio(cpuUs)],
    ];
  };
  const head = [title, 'a second', 'p50 ms', 'p99 ms', 'CPU µs each'];
  const ratios = ['a second', 'p99', 'CPU'].map((name) => `${name}, ratio`);
  return table([[...head, ...ratios], ...results.map(row)]);
}

/** Where a contestant's answers of the last round came from, by their `Cache-Status`. */
export function sourcesOf({ rounds }) {
  return Object.entries(rounds.at(-1).details)
    .map(([source, count]) => `${count} × ${source}`)
    .join(', ');
}
