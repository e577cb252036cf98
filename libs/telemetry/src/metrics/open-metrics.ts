import type { Clock } from '@candlekeep/clock';
import type { MeteredProcess } from './metric-declaration';
import { Metrics } from './metrics';
import { type PoolCounts, tellPool } from './pool-figures';
import { type BuildLabels, tellProcessFigures } from './process-figures';
import { type RedisCounts, tellRedis } from './redis-figures';

/** What every process tells of itself. */
export interface MetricsParts {
  readonly clock: Clock;
  readonly build: BuildLabels;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly pool: PoolCounts;
  readonly connections: RedisCounts;
}

/** The metrics of a process, which tell already what it is, what it needs and how its connections stand. */
export function openMetrics(
  process: MeteredProcess,
  { clock, build, startedAtMs, pool, connections }: MetricsParts,
): Metrics {
  const metrics = new Metrics(process, clock);
  tellProcessFigures(metrics, build, startedAtMs);
  tellPool(metrics, pool);
  tellRedis(metrics, connections);
  return metrics;
}
