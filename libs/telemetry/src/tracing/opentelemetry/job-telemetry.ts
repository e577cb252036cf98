import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Tracer as Spans,
} from '@opentelemetry/api';
import { type ContextManager, SpanKind as JobSpanKind, type Telemetry, type Tracer } from 'bullmq';
import { JobSpan, unseenSpan } from './job-span';

const KINDS: Readonly<Record<JobSpanKind, SpanKind>> = {
  [JobSpanKind.INTERNAL]: SpanKind.INTERNAL,
  [JobSpanKind.SERVER]: SpanKind.SERVER,
  [JobSpanKind.CLIENT]: SpanKind.CLIENT,
  [JobSpanKind.PRODUCER]: SpanKind.PRODUCER,
  [JobSpanKind.CONSUMER]: SpanKind.CONSUMER,
};

/**
 * BullMQ's port for traces. Told are the adding of a job, its doing, and what belongs to that. A worker's housekeeping (looking for jobs,
 * renewing locks) belongs to no trace and is not told. A job that came without a trace, or with one that cannot be read, begins its own.
 */
export function jobTelemetry(spans: Spans): Telemetry<Context> {
  const startSpan: Tracer<Context>['startSpan'] = (name, options, parent) => {
    const kind = KINDS[options?.kind ?? JobSpanKind.INTERNAL];
    const isPart = trace.getActiveSpan() !== undefined;
    if (kind === SpanKind.INTERNAL && !isPart) return unseenSpan;
    const around = parent ?? (kind === SpanKind.CONSUMER ? ROOT_CONTEXT : context.active());
    return new JobSpan(spans.startSpan(name, { kind }, around));
  };
  return { tracer: { startSpan }, contextManager };
}

const contextManager: ContextManager<Context> = {
  with: (around, work) => context.with(around, work),
  active: () => context.active(),
  root: () => ROOT_CONTEXT,
  getMetadata: (around) => {
    const carried: Record<string, string> = {};
    propagation.inject(around, carried);
    return JSON.stringify(carried);
  },
  fromMetadata: (_around, text) => propagation.extract(ROOT_CONTEXT, readCarried(text)),
};

/** What stands in Redis may have been put there by anybody. */
function readCarried(text: string): unknown {
  try {
    const carried: unknown = JSON.parse(text);
    return typeof carried === 'object' && carried !== null ? carried : {};
  } catch {
    return {};
  }
}
