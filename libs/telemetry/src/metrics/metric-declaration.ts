/** The processes that have metrics. */
export const METERED_PROCESSES = ['gateway', 'worker', 'live'] as const;

export type MeteredProcess = (typeof METERED_PROCESSES)[number];

/** One metric: its name, which ends in its unit, and what it means. */
export interface MetricDeclaration {
  /** `counter`: only grows while the process lives. `gauge`: as it stands. `histogram`: how often which size. */
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** As Prometheus stores it; of a counter with its `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending, in the unit of its name. */
  readonly bounds?: readonly number[];
  /** Which processes tell it. */
  readonly on: readonly MeteredProcess[];
  /** True for what is the same whichever process tells it: take the maximum, not the sum. */
  readonly isShared?: boolean;
}
