import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics';

/** Which build runs. */
export interface BuildLabels {
  readonly version: string;
  readonly commit: string | null;
}

/** How often the event loop is looked at, ms. */
const RESOLUTION_MS = 20;
const PERCENTILES = [50, 99, 100] as const;
const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

/** Tells what the process is and needs. The lag is that since the last look, so that one bad moment is not smoothed away. */
export function tellProcessFigures(
  metrics: Metrics,
  { version, commit }: BuildLabels,
  startedAtMs: number,
): void {
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  metrics.read('buildInfo', () => [
    { labels: { process: metrics.process, version, commit: commit ?? 'unknown' }, value: 1 },
  ]);
  metrics.read('startTime', () => [{ labels: {}, value: startedAtMs / 1_000 }]);
  metrics.read('cpu', () => {
    const { user, system } = process.cpuUsage();
    return [
      { labels: { mode: 'user' }, value: user / MICROSECONDS },
      { labels: { mode: 'system' }, value: system / MICROSECONDS },
    ];
  });
  metrics.read('residentMemory', () => [{ labels: {}, value: process.memoryUsage.rss() }]);
  metrics.read('heapUsed', () => [{ labels: {}, value: process.memoryUsage().heapUsed }]);
  metrics.read('eventLoopLag', () => {
    const samples = PERCENTILES.map((percentile) => ({
      labels: { percentile: String(percentile) },
      value: Math.max(0, lag.percentile(percentile) / NANOSECONDS - RESOLUTION_MS / 1_000),
    }));
    lag.reset();
    return samples;
  });
}
