import type { Clock } from '@candlekeep/clock';
import type { Telemetry } from 'bullmq';
import type { Logger } from '../logger';
import { useTracer } from './current-tracer';
import type { Tracer } from './tracer';
import type { TracingSettings } from './tracing-settings';

export interface TracingParts {
  readonly settings: TracingSettings;
  /** Of the product. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a process has of tracing: nothing, unless it was told of a collector. */
export class Tracing {
  private constructor(
    /** Undefined while nothing is traced. */
    readonly tracer?: Tracer,
  ) {}

  /** Without a collector nothing of OpenTelemetry is so much as loaded. */
  static async open(parts: TracingParts): Promise<Tracing> {
    const { settings, ...rest } = parts;
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings;
    if (endpoint === undefined) return new Tracing();
    // With its extension: Node.js reads a dynamic import as an ES module's.
    const { openTracer } = await import('./opentelemetry/open-tracer.js');
    const { OTEL_SERVICE_NAME: service, OTEL_TRACES_SAMPLER_ARG: keptShare } = settings;
    const tracer = openTracer({ ...rest, endpoint, service, keptShare });
    useTracer(tracer);
    return new Tracing(tracer);
  }

  /** To be spread into the parts of a queue: its jobs carry the trace. */
  get jobs(): { readonly telemetry?: Telemetry } {
    return this.tracer === undefined ? {} : { telemetry: this.tracer.jobs };
  }

  /** Tells what is left, for 2 s at most. To be closed behind all that is traced. */
  async close(): Promise<void> {
    useTracer(undefined);
    await this.tracer?.close();
  }
}
