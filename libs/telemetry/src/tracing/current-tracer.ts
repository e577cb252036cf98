import { silentSpan, type Span, type SpanStart, type Tracer } from './tracer';

/** Of this process; undefined while nothing is traced. */
let current: Tracer | undefined;

/** From now on this tracer is told of all that happens; undefined: none. */
export function useTracer(tracer: Tracer | undefined): void {
  current = tracer;
}

/** Does `work` as a span of the trace that it is part of. Without a tracer it is just done: that costs one comparison. */
export function inSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  return current === undefined ? work(silentSpan) : current.inSpan(start, work);
}

/** Tells that what is being done has failed, where nothing is thrown any further. */
export function failSpan(reason: unknown): void {
  current?.fail(reason);
}

/** The id of the trace that is being told of; undefined where none is. */
export function currentTraceId(): string | undefined {
  return current?.findTraceId();
}
