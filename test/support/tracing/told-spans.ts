import { z } from 'zod';

const value = z
  .object({
    stringValue: z.string(),
    intValue: z.union([z.number(), z.string()]),
    doubleValue: z.number(),
    boolValue: z.boolean(),
  })
  .partial();
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value: told }) => [key, plain(told)])));

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes,
  status: z.object({ code: z.number().optional() }).optional(),
  events: z.array(z.object({ name: z.string(), attributes })).default([]),
});
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** As OTLP numbers them. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const FAILED = 2;

/** A span as a collector hears of it. */
export interface HeardSpan {
  /** `service.name` of who told it. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the first of a trace. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hasFailed: boolean;
  /** Names of its events. */
  readonly events: readonly string[];
}

/** The spans of one message of OTLP/HTTP in its JSON form. */
export function readToldSpans(text: string): HeardSpan[] {
  return body.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(resource.attributes['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((told) => heard(service, told)));
  });
}

function heard(service: string, told: z.infer<typeof span>): HeardSpan {
  const { traceId, spanId, parentSpanId, name, kind, status, events } = told;
  return {
    ...{ service, traceId, spanId, parentSpanId, name, kind: KINDS[kind] ?? '?' },
    facts: told.attributes,
    hasFailed: status?.code === FAILED,
    events: events.map((event) => event.name),
  };
}

function plain({ stringValue, intValue, doubleValue, boolValue }: z.infer<typeof value>) {
  return stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue));
}
