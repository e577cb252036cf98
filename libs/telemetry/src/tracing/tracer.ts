import type { Telemetry } from 'bullmq';

/** Attributes of a span, by the names of the semantic conventions or under `candlekeep.`; what is undefined is left out. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work that is about to begin. */
export interface SpanStart {
  /** Of few kinds: what differs from one to the next goes into the facts. */
  readonly name: string;
  /** `client`: a call of somebody else's server. Default `internal`: a part of other work, and not told without that. */
  readonly kind?: 'internal' | 'client';
  readonly facts?: SpanFacts;
}

/** A piece of work under way. */
export interface Span {
  tell(facts: SpanFacts): void;
  /** The work has failed: by an error, or by what an answer says, such as `429`. */
  fail(reason: unknown): void;
}

/** A request that this process answers. */
export interface RequestSpan extends Span {
  /** What `work` does, and waits for, is part of the request. */
  run<T>(work: () => T): T;
  end(): void;
}

/** How a request says which trace it is part of (W3C Trace Context). */
export interface TraceHeaders {
  readonly traceparent?: string | string[] | undefined;
  readonly tracestate?: string | string[] | undefined;
}

/** Tells a collector what happened, and as part of what. Nothing waits for it, and none of its failures is anybody else's. */
export interface Tracer {
  /** Has BullMQ tell of jobs, and carry the trace from who adds one to who does it. */
  readonly jobs: Telemetry;
  /** Begins a request: a part of its caller's trace, or a trace of its own. */
  openRequest(start: Omit<SpanStart, 'kind'>, headers: TraceHeaders): RequestSpan;
  inSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T>;
  /** What is being done has failed. */
  fail(reason: unknown): void;
  /** Of the trace that is told of right now: 32 hexadecimal digits. */
  findTraceId(): string | undefined;
  /** Tells what is left, for 2 s at most. */
  close(): Promise<void>;
}

/** What there is of a span while nothing is traced. */
export const silentSpan: Span = { tell: ignore, fail: ignore };

function ignore(): void {
  // Nobody is told.
}
