import { hostname } from 'node:os';
import type { Clock } from '@candlekeep/clock';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../../logger';
import type { Tracer } from '../tracer';
import { OpenTelemetryTracer } from './open-telemetry-tracer';
import { WatchedExporter } from './watched-exporter';

export interface OpenTracerParts {
  /** Base URL of the collector. */
  readonly endpoint: string;
  /** Names this kind of process. */
  readonly service: string;
  /** Of the traces that begin here, 0 to 1. */
  readonly keptShare: number;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Spans that wait to be sent, about 1 KB each; what comes beyond is lost. */
const MOST_WAITING = 2_048;
const MOST_AT_ONCE = 512;
const SEND_EVERY_MS = 1_000;
/** With all tries, since a send under way holds up the next, ms. */
const SEND_WITHIN_MS = 3_000;

/** Begins to tell a collector. Once a process at a time: the context of work is OpenTelemetry's own, common to all. */
export function openTracer(parts: OpenTracerParts): Tracer {
  const { endpoint, service, keptShare, version, clock, log } = parts;
  const collector = new URL(endpoint).host;
  const sender = new OTLPTraceExporter({
    url: tracesUrl(endpoint),
    timeoutMillis: SEND_WITHIN_MS,
  });
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': service,
        'service.version': version,
        'service.instance.id': `${hostname()}:${process.pid}`,
      }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(keptShare) }),
    spanProcessors: [
      new BatchSpanProcessor(new WatchedExporter(sender, { collector, log }), {
        maxQueueSize: MOST_WAITING,
        maxExportBatchSize: MOST_AT_ONCE,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: 2 * SEND_WITHIN_MS,
      }),
    ],
  });
  provider.register();
  log.info(`traces go to ${collector}`);
  return new OpenTelemetryTracer({ provider, version, clock });
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}
