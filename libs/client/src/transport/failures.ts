import type { IncomingHttpHeaders } from 'node:http';
import { findJson, isList, isRecord } from '../json-value';
import { CandlekeepRequestFailed, type FieldProblem, type Problem } from '../request-failed';

const SHOWN_CHARACTERS = 200;
/** What Node.js calls it when nobody listens, or a connection ends before its answer. */
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** An answer that says no. `asked` names the question, for people. */
export function refusal(
  asked: string,
  { status, headers, body }: { status: number; headers: IncomingHttpHeaders; body: string },
): CandlekeepRequestFailed {
  const problem = findProblem(findJson(body));
  const retryAfterMs = findRetryAfterMs(headers['retry-after']) ?? waitOf(problem);
  const reason = reasonOf(problem) ?? body.slice(0, SHOWN_CHARACTERS);
  const advice = status === 401 ? ' A client shows the key that is its option apiKey.' : '';
  return new CandlekeepRequestFailed(
    `the gateway answered ${status} to ${asked}: ${reason}${advice}`,
    { status, problem, retryAfterMs },
  );
}

/** One item of a batch that says no. */
export function itemRefusal(
  asked: string,
  status: number,
  given: unknown,
): CandlekeepRequestFailed {
  const problem = findProblem(given);
  const reason = reasonOf(problem) ?? 'it gave no reason';
  return new CandlekeepRequestFailed(`the gateway answered ${status} to ${asked}: ${reason}`, {
    ...{ status, problem, retryAfterMs: waitOf(problem) },
  });
}

/** No answer, or half of one. */
export function connectionFailure(asked: string, origin: string, cause: unknown) {
  return new CandlekeepRequestFailed(
    `no answer from ${origin} to ${asked}: ${messageOf(cause)}; is the gateway running there?`,
    { cause },
  );
}

/** Whether nobody listens, or the connection was lost: the next one may hold. */
export function isLostConnection(error: unknown): boolean {
  return LOST.has(codeOf(error));
}

/** Judged by what it holds: an error of another realm, such as a test's, is no `instanceof Error`. */
function codeOf(error: unknown): string {
  return isRecord(error) && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  const message = isRecord(error) && typeof error.message === 'string' ? error.message : '';
  return message || codeOf(error) || String(error);
}

function findProblem(value: unknown): Problem | undefined {
  if (!isRecord(value)) return undefined;
  const { type, title, status, detail, errors, retryAfterSeconds } = value;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(isWait(retryAfterSeconds) ? { retryAfterSeconds } : {}),
    ...(isList(errors) ? { errors: errors.filter(isFieldProblem) } : {}),
  };
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value.field === 'string' && typeof value.expected === 'string';
}

function isWait(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function reasonOf(problem: Problem | undefined): string | undefined {
  return problem?.detail ?? problem?.title;
}

/** An item of a batch has no headers of its own: its problem says how long to wait. */
function waitOf(problem: Problem | undefined): number | undefined {
  const seconds = problem?.retryAfterSeconds;
  return seconds === undefined ? undefined : seconds * 1_000;
}

/** `Retry-After` in whole seconds; a date, which no gateway sends, is not heeded. */
function findRetryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : undefined;
}
