import { gatewayMetrics } from './gateway-metrics';
import { liveMetrics } from './live-metrics';
import type { MetricDeclaration } from './metric-declaration';
import { processMetrics } from './process-metrics';
import { workerMetrics } from './worker-metrics';

/** Every metric there is, each declared once. Dashboards, alerts and documents may name these and no other. */
export const METRICS = {
  ...processMetrics,
  ...gatewayMetrics,
  ...workerMetrics,
  ...liveMetrics,
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export type MetricKey = keyof typeof METRICS;

type KeyOf<Kind extends MetricDeclaration['kind']> = {
  [Key in MetricKey]: (typeof METRICS)[Key]['kind'] extends Kind ? Key : never;
}[MetricKey];

export type CounterKey = KeyOf<'counter'>;
export type HistogramKey = KeyOf<'histogram'>;
/** What is read when somebody looks. */
export type ReadKey = KeyOf<'counter' | 'gauge'>;

/** A value for each label that the metric has. */
export type LabelsOf<Key extends MetricKey> = Readonly<
  Record<(typeof METRICS)[Key]['labels'][number], string>
>;
