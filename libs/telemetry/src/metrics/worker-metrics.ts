import type { MetricDeclaration } from './metric-declaration';

const WORKER = ['worker'] as const;

const CALL_BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
/** What workers tell. */
export const workerMetrics = {
  exchangeCalls: {
    kind: 'counter',
    name: 'candlekeep_exchange_calls_total',
    help: 'Calls sent to the exchange, by limit group, by whom they were for, and by how they ended.',
    labels: ['group', 'lane', 'outcome'],
    on: WORKER,
  },
  exchangeDuration: {
    kind: 'histogram',
    name: 'candlekeep_exchange_call_duration_seconds',
    help: 'From sending a call until its whole answer, or its end without one.',
    labels: ['group'],
    bounds: CALL_BOUNDS,
    on: WORKER,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
