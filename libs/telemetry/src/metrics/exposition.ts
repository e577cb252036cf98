import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import type { Distribution } from './distribution';
import type { MetricDeclaration } from './metric-declaration';

type Labels = Readonly<Record<string, string>>;

/** One metric and what is known of it now. */
export interface MetricSamples {
  readonly declaration: MetricDeclaration;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
  readonly distributions: readonly { readonly labels: Labels; readonly sizes: Distribution }[];
}

/** Metrics in words, as Prometheus reads them. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * OpenMetrics for whoever accepts it, as Prometheus does, else Prometheus' older text. Each look has a registry of its own: one that
 * serves both forms in turn would lose the `_total` of its counters.
 */
export async function expose(metrics: readonly MetricSamples[], accept = ''): Promise<Exposition> {
  const registry = registryFor(accept);
  for (const metric of metrics) register(metric, registry);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function registryFor(accept: string): AnyRegistry {
  if (!accept.includes('application/openmetrics-text')) return new Registry();
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

function register({ declaration, samples, distributions }: MetricSamples, to: AnyRegistry): void {
  const { kind, name, help, labels } = declaration;
  const asked = { name, help, labelNames: [...labels], registers: [to] };
  switch (kind) {
    case 'counter': {
      const counter = new Counter(asked);
      // What has no labels would be told as 0 although nobody counts it.
      if (samples.length === 0) counter.remove({});
      for (const { labels: own, value } of samples) counter.inc({ ...own }, value);
      return;
    }
    case 'gauge': {
      const gauge = new Gauge(asked);
      if (samples.length === 0) gauge.remove({});
      for (const { labels: own, value } of samples) gauge.set({ ...own }, value);
      return;
    }
    case 'histogram':
      new CountedHistogram(asked, distributions);
  }
}

type Asked = ConstructorParameters<typeof Histogram>[0];
type AnyRegistry = Exclude<Asked['registers'], undefined>[number];

/** A histogram of what was counted elsewhere. */
class CountedHistogram extends Histogram {
  constructor(
    private readonly asked: Asked,
    private readonly distributions: MetricSamples['distributions'],
  ) {
    super(asked);
  }

  /** What the registry asks for. */
  getForPromString() {
    const { name, help } = this.asked;
    const values = this.distributions.flatMap(({ labels, sizes }) => valuesOf(name, labels, sizes));
    return Promise.resolve({ name, help, type: 'histogram', values });
  }
}

function valuesOf(name: string, labels: Labels, sizes: Distribution) {
  const counts = sizes.cumulative();
  return [
    ...counts.map((value, place) => ({
      ...{ metricName: `${name}_bucket`, value },
      labels: { le: String(sizes.bounds[place] ?? '+Inf'), ...labels },
    })),
    { metricName: `${name}_sum`, value: sizes.sum, labels },
    { metricName: `${name}_count`, value: counts.at(-1) ?? 0, labels },
  ];
}
