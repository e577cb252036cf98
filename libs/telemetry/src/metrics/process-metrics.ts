import { METERED_PROCESSES, type MetricDeclaration } from './metric-declaration';

/** What every process tells of itself. */
export const processMetrics = {
  buildInfo: {
    kind: 'gauge',
    name: 'candlekeep_build_info',
    help: 'Always 1; the labels say which build runs.',
    labels: ['process', 'version', 'commit'],
    on: METERED_PROCESSES,
  },
  startTime: {
    kind: 'gauge',
    name: 'candlekeep_process_start_time_seconds',
    help: 'When the process started, seconds since 1970 (UTC).',
    labels: [],
    on: METERED_PROCESSES,
  },
  cpu: {
    kind: 'counter',
    name: 'candlekeep_process_cpu_seconds_total',
    help: 'CPU time of the process.',
    labels: ['mode'],
    on: METERED_PROCESSES,
  },
  residentMemory: {
    kind: 'gauge',
    name: 'candlekeep_process_resident_memory_bytes',
    help: 'Memory that the process holds.',
    labels: [],
    on: METERED_PROCESSES,
  },
  heapUsed: {
    kind: 'gauge',
    name: 'candlekeep_process_heap_used_bytes',
    help: 'Of that, JavaScript objects.',
    labels: [],
    on: METERED_PROCESSES,
  },
  eventLoopLag: {
    kind: 'gauge',
    name: 'candlekeep_event_loop_lag_seconds',
    help: 'How late the event loop came to its work since the last look.',
    labels: ['percentile'],
    on: METERED_PROCESSES,
  },
  postgresConnections: {
    kind: 'gauge',
    name: 'candlekeep_postgres_pool_connections',
    help: 'Connections of the pool (busy, idle), and callers who wait for one (waiting).',
    labels: ['state'],
    on: METERED_PROCESSES,
  },
  redisConnections: {
    kind: 'gauge',
    name: 'candlekeep_redis_connections',
    help: 'Connections to the Redis servers by what they are for, and whether they are ready or away: not connected, or not yet.',
    labels: ['role', 'state'],
    on: METERED_PROCESSES,
  },
  poisonedValues: {
    kind: 'counter',
    name: 'candlekeep_poisoned_values_total',
    help: 'Values found in Redis that are none of ours, and taken away.',
    labels: [],
    on: METERED_PROCESSES,
  },
  unreadMetrics: {
    kind: 'counter',
    name: 'candlekeep_unread_metrics_total',
    help: 'Metrics left out of an answer because what they are read from gave none in time.',
    labels: ['metric'],
    on: METERED_PROCESSES,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
