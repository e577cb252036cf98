import { HealthModule, MetricsModule, type ReadinessParts } from '@candlekeep/lifecycle';
import type { Metrics } from '@candlekeep/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';

/** A live process' HTTP side: health and metrics. */
@Module({})
export class LiveModule {
  static with(parts: ReadinessParts, metrics: Metrics): DynamicModule {
    return { module: LiveModule, imports: [HealthModule.with(parts), MetricsModule.with(metrics)] };
  }
}
