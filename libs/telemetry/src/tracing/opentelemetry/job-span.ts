import { type Context, type Span as OpenTelemetrySpan, trace } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Span } from 'bullmq';
import { redact } from '../../logger';
import { exceptionOf } from './told-span';

type Exception = Parameters<Span['recordException']>[0];

/** A span as BullMQ speaks of it. */
export class JobSpan implements Span<Context> {
  constructor(private readonly span: OpenTelemetrySpan) {}

  setSpanOnContext(around: Context): Context {
    return trace.setSpan(around, this.span);
  }

  setAttribute(key: string, value: AttributeValue): void {
    this.span.setAttribute(key, value);
  }

  setAttributes(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  addEvent(name: string, attributes?: Attributes): void {
    this.span.addEvent(name, attributes);
  }

  recordException(exception: Exception): void {
    const told = exception instanceof Error ? exceptionOf(exception) : messageOf(exception);
    this.span.recordException(told);
  }

  end(): void {
    this.span.end();
  }
}

/** Of work that nobody is told of. What goes on in it belongs to whatever it is done for. */
export const unseenSpan: Span<Context> = {
  setSpanOnContext: (around) => around,
  setAttribute: ignore,
  setAttributes: ignore,
  addEvent: ignore,
  recordException: ignore,
  end: ignore,
};

function messageOf(exception: Exception): string {
  return redact(typeof exception === 'string' ? exception : (exception.message ?? ''));
}

function ignore(): void {
  // Nobody is told.
}
