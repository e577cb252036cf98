import { HealthModule, MetricsModule, type ReadinessParts } from '@candlekeep/lifecycle';
import type { Metrics } from '@candlekeep/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';

/** A worker's HTTP side: health and metrics. */
@Module({})
export class WorkerModule {
  static with(parts: ReadinessParts, metrics: Metrics): DynamicModule {
    return {
      module: WorkerModule,
      imports: [HealthModule.with(parts), MetricsModule.with(metrics)],
    };
  }
}
