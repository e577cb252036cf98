import { STATUS_CODES } from 'node:http';
import type { FieldProblem } from './api-refusal';

export const PROBLEM_TYPE = 'application/problem+json';

/** Problem details (RFC 9457); `more` stands behind them. */
export function problemBody(
  status: number,
  detail: string,
  errors: readonly FieldProblem[] = [],
  more: Readonly<Record<string, number | undefined>> = {},
): string {
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...more };
  return JSON.stringify(errors.length === 0 ? problem : { ...problem, errors });
}

/** Whether a request is one for our own API, whatever stands behind. */
export function isOwnApi(url: string): boolean {
  return /^\/api(?:[/?#]|$)/.test(url);
}
