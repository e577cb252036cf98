/** One thing that is wrong with a request, and what would be right. */
export interface FieldProblem {
  readonly field: string;
  readonly expected: string;
}

/** Why the gateway says no: problem details (RFC 9457). */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  /** When asking again can help at the earliest: what an answer of its own says by `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** What is wrong with the request, where that is the reason. */
  readonly errors?: readonly FieldProblem[];
}

export interface FailureFacts {
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The gateway said no, or nothing that can be understood, or nothing in time. */
export class CandlekeepRequestFailed extends Error {
  override readonly name = 'CandlekeepRequestFailed';
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The gateway's reason, where it gave one. */
  readonly problem: Problem | undefined;
  /** When asking again can help at the earliest, ms from the answer, where the gateway said so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, problem, retryAfterMs, cause }: FailureFacts = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}
