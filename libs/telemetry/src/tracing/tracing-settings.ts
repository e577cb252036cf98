import { z } from 'zod';

/** The environment variables of tracing, each with its rule: OpenTelemetry's own names. `process` names the service by default. */
export function tracingVariables(process: 'gateway' | 'worker') {
  return {
    /** Base URL of a collector that takes OTLP over HTTP; without one nothing is traced. */
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({
        protocol: /^https?$/,
        error: 'expected the base URL of an OTLP/HTTP collector, such as http://127.0.0.1:4318',
      })
      .optional(),
    /** Under which name the collector shows this process. */
    OTEL_SERVICE_NAME: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'expected letters, digits, ".", "_" or "-", 64 at most')
      .default(`candlekeep-${process}`),
    /** Share of the traces that begin here and are kept; a trace that a caller began is kept as the caller says. */
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .regex(
        /^(?:0?\.\d{1,9}|0|1(?:\.0{1,9})?)$/,
        'expected the share of traces to keep, from 0 to 1, such as 0.1',
      )
      .transform(Number)
      .default(1),
  };
}

/** What {@link tracingVariables} come to. */
export type TracingSettings = Readonly<z.infer<z.ZodObject<ReturnType<typeof tracingVariables>>>>;
