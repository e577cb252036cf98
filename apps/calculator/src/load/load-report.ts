import { type Subject } from '../variables/plan';
import type { LoadPlan, LoadRun } from './load';

/** Failures that are named one by one. */
const NAMED_ERRORS = 3;

/** A run in a few lines. */
export function loadReport(subject: Subject, plan: LoadPlan, run: LoadRun): string {
  const { market, timeframe } = subject;
  const pace =
    plan.everyMs === undefined ? 'as soon as it has its variables' : `every ${plan.everyMs} ms`;
  const seconds = run.tookMs / 1_000;
  const who = run.instances === 1 ? '1 calculator' : `${run.instances} calculators`;
  const failures = sumOf(run.errors);
  const rows: [string, string][] = [
    [
      'requests',
      `${run.answered} answered, ${(run.answered / seconds).toFixed(1)} a second, ${run.questions} series in each`,
    ],
    ['answer', timesOf(run)],
    ['sources', sharesOf(run.sources)],
    ['errors', String(failures)],
  ];
  const errors = run.errors
    .slice(0, NAMED_ERRORS)
    .map(([message, count]) => `    ${count} x ${message}`);
  return [
    `${who} on ${market} ${timeframe.code} for ${seconds.toFixed(1)} s, each asking ${pace}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(8)}  ${text}`),
    ...errors,
  ].join('\n');
}

function timesOf({ answered, p50Ms, p99Ms, longestMs }: LoadRun): string {
  if (answered === 0) return 'none';
  const [p50, p99, longest] = [p50Ms, p99Ms, longestMs].map((ms) => `${ms.toFixed(2)} ms`);
  return `p50 ${p50}, p99 ${p99}, longest ${longest}`;
}

function sharesOf(counts: LoadRun['sources']): string {
  const all = sumOf(counts);
  const shares = counts.map(([name, count]) => `${name} ${((100 * count) / all).toFixed(1)} %`);
  return shares.length === 0 ? 'none' : shares.join(', ');
}

function sumOf(counts: LoadRun['sources']): number {
  return counts.reduce((sum, [, count]) => sum + count, 0);
}
