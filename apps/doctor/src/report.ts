import { redact } from '@candlekeep/telemetry';
import { type Finding, type State, worstOf } from './finding';

const SIGNS: Readonly<Record<State, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** What people read: a line for each finding, and beneath it what to do. */
export function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, seen, advice }) => [
    `  ${SIGNS[state]}  ${check.padEnd(width)}  ${seen}`,
    ...(advice === undefined ? [] : [`        ${' '.repeat(width)}  → ${advice}`]),
  ]);
  return redact(['', ...lines, '', summaryOf(findings)].join('\n'));
}

/** What programs read: `{ "state", "findings": [{ "check", "state", "seen", "advice"? }] }`. */
export function jsonOf(findings: readonly Finding[]): string {
  return redact(JSON.stringify({ state: worstOf(findings), findings }, undefined, 2));
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (state: State): number => findings.filter((one) => one.state === state).length;
  const [fails, warnings] = [count('fail'), count('warn')];
  if (fails + warnings === 0) return 'All is well.';
  const parts = [
    ...(fails === 0 ? [] : [`${fails} to mend first (FAIL)`]),
    ...(warnings === 0 ? [] : [`${warnings} to look at (warn)`]),
  ];
  return `${parts.join(', ')}; lines with → say what to do.`;
}
