import { context, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { SpanKind, type Telemetry } from 'bullmq';
import { jobTelemetry } from './job-telemetry';

describe('what BullMQ tells of jobs', () => {
  const told = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(told)] });
  const spans = provider.getTracer('test');
  const { tracer, contextManager }: Telemetry = jobTelemetry(spans);

  beforeAll(() => {
    provider.register();
  });
  beforeEach(() => {
    told.reset();
  });
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
  });

  /** Ends a span of this kind, begun in the trace that this text carries. */
  const take = (kind: SpanKind, carried?: string) => {
    const around: unknown =
      carried === undefined ? undefined : contextManager.fromMetadata(context.active(), carried);
    tracer.startSpan('process', { kind }, around).end();
    return told.getFinishedSpans().at(-1);
  };

  it('is carried by the job from who adds it to who does it', () => {
    const adding = tracer.startSpan('add', { kind: SpanKind.PRODUCER });
    const carried = contextManager.getMetadata(adding.setSpanOnContext(context.active()));
    adding.end();
    const [added] = told.getFinishedSpans();
    expect(take(SpanKind.CONSUMER, carried)?.parentSpanContext?.spanId).toBe(
      added?.spanContext().spanId,
    );
  });

  it.each(['', 'no JSON', 'null', '[]', '7', '{"traceparent":7}', '{"traceparent":"00-0-0-01"}'])(
    'begins a trace of its own where a job carries "%s"',
    (carried) => {
      const span = take(SpanKind.CONSUMER, carried);
      expect(span?.name).toBe('process');
      expect(span?.parentSpanContext).toBeUndefined();
    },
  );

  it('begins a trace for each job that carries none, whatever the worker is a part of', () => {
    const around = spans.startSpan('start of the process');
    const span = context.with(trace.setSpan(context.active(), around), () =>
      take(SpanKind.CONSUMER),
    );
    expect(span?.parentSpanContext).toBeUndefined();
  });

  it('leaves a worker’s housekeeping out, and keeps what belongs to a job', () => {
    expect(take(SpanKind.INTERNAL)).toBeUndefined();
    const job = spans.startSpan('process');
    const part = context.with(trace.setSpan(context.active(), job), () => take(SpanKind.INTERNAL));
    expect(part?.parentSpanContext?.spanId).toBe(job.spanContext().spanId);
  });

  it('holds no secret in its errors', () => {
    const span = tracer.startSpan('process', { kind: SpanKind.CONSUMER });
    span.recordException(new Error('connect redis://me:s3cret@host failed'));
    span.recordException('connect redis://me:s3cret@host failed');
    span.end();
    const events = JSON.stringify(told.getFinishedSpans()[0]?.events);
    expect(events).toContain('redis://me:***@host');
    expect(events).not.toContain('s3cret');
  });
});
