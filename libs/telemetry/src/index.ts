export { background } from './background';
export {
  type AdjustableLogger,
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  redact,
  silentLogger,
} from './logger';
export { currentRequestId, withRequestId } from './request-context';
export { Count } from './metrics/count';
export { Distribution } from './metrics/distribution';
export {
  METERED_PROCESSES,
  type MeteredProcess,
  type MetricDeclaration,
} from './metrics/metric-declaration';
export { METRICS } from './metrics/metric-table';
export { Metrics } from './metrics/metrics';
export { openMetrics } from './metrics/open-metrics';
export type { BuildLabels } from './metrics/process-figures';
export type { PoolCounts } from './metrics/pool-figures';
export type { RedisCounts } from './metrics/redis-figures';
export { currentTraceId, failSpan, inSpan } from './tracing/current-tracer';
export type { RequestSpan, Span, SpanFacts, SpanStart, Tracer } from './tracing/tracer';
export { Tracing } from './tracing/tracing';
export { type TracingSettings, tracingVariables } from './tracing/tracing-settings';
