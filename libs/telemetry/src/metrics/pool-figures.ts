import type { Metrics } from './metrics';

/** What a pool of connections says of itself. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Tells how busy the Postgres connections of the process are. */
export function tellPool(metrics: Metrics, pool: PoolCounts): void {
  metrics.read('postgresConnections', () => [
    { labels: { state: 'busy' }, value: pool.totalCount - pool.idleCount },
    { labels: { state: 'idle' }, value: pool.idleCount },
    { labels: { state: 'waiting' }, value: pool.waitingCount },
  ]);
}
