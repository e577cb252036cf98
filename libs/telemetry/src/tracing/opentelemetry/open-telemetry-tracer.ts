import type { Clock } from '@candlekeep/clock';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Tracer as Spans,
} from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Telemetry } from 'bullmq';
import {
  type RequestSpan,
  silentSpan,
  type Span,
  type SpanStart,
  type TraceHeaders,
  type Tracer,
} from '../tracer';
import { jobTelemetry } from './job-telemetry';
import { ToldSpan } from './told-span';

export interface OpenTelemetryTracerParts {
  /** Registered: its context is the process'. */
  readonly provider: Pick<NodeTracerProvider, 'getTracer' | 'shutdown'>;
  readonly version: string;
  readonly clock: Clock;
}

/** Who stops does not wait longer for a collector, ms. */
const LAST_WORDS_MS = 2_000;

/** Spans by OpenTelemetry. */
export class OpenTelemetryTracer implements Tracer {
  readonly jobs: Telemetry;
  private readonly spans: Spans;

  constructor(private readonly parts: OpenTelemetryTracerParts) {
    this.spans = parts.provider.getTracer('candlekeep', parts.version);
    this.jobs = jobTelemetry(this.spans);
  }

  openRequest(
    { name, facts = {} }: Omit<SpanStart, 'kind'>,
    { traceparent, tracestate }: TraceHeaders,
  ): RequestSpan {
    // Nothing else of what a caller sends may travel on into jobs.
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });
    const span = this.spans.startSpan(name, { kind: SpanKind.SERVER, attributes: facts }, parent);
    const inside = trace.setSpan(parent, span);
    const told = new ToldSpan(span);
    return {
      run: (work) => context.with(inside, work),
      tell: (more) => {
        told.tell(more);
      },
      fail: (reason) => {
        told.fail(reason);
      },
      end: () => {
        span.end();
      },
    };
  }

  async inSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
    const { name, kind = 'internal', facts = {} } = start;
    if (kind === 'internal' && trace.getActiveSpan() === undefined) return await work(silentSpan);
    const options = {
      kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes: facts,
    };
    return await this.spans.startActiveSpan(name, options, async (span) => {
      const told = new ToldSpan(span);
      try {
        return await work(told);
      } catch (error) {
        told.fail(error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  fail(reason: unknown): void {
    const span = trace.getActiveSpan();
    if (span !== undefined) new ToldSpan(span).fail(reason);
  }

  findTraceId(): string | undefined {
    const told = trace.getActiveSpan()?.spanContext();
    if (told === undefined || (told.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
    return told.traceId;
  }

  async close(): Promise<void> {
    const told = new AbortController();
    const overdue = this.parts.clock.sleep(LAST_WORDS_MS, told.signal).catch(() => undefined);
    // Why they do not arrive was logged by whoever sends them.
    const lastWords = this.parts.provider.shutdown().catch(() => undefined);
    await Promise.race([lastWords, overdue]);
    told.abort();
    trace.disable();
    context.disable();
    propagation.disable();
  }
}
