import { type Exception, type Span as OpenTelemetrySpan, SpanStatusCode } from '@opentelemetry/api';
import { redact } from '../../logger';
import type { Span, SpanFacts } from '../tracer';

/** A span that a collector will be told of, without secrets. */
export class ToldSpan implements Span {
  constructor(private readonly span: OpenTelemetrySpan) {}

  tell(facts: SpanFacts): void {
    this.span.setAttributes(facts);
  }

  fail(reason: unknown): void {
    const message = redact(reason instanceof Error ? reason.message : String(reason));
    this.span.setAttribute('error.type', reason instanceof Error ? kindOf(reason) : message);
    this.span.setStatus({ code: SpanStatusCode.ERROR, message });
    if (reason instanceof Error) this.span.recordException(exceptionOf(reason));
  }
}

/** An error as spans tell it. */
export function exceptionOf({ name, message, stack = '' }: Error): Exception {
  return { name, message: redact(message), stack: redact(stack) };
}

function kindOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
