import { HealthModule, type ReadinessChecks } from '@candlekeep/lifecycle';
import { type DynamicModule, Module } from '@nestjs/common';

/** A live process' HTTP side: health only. */
@Module({})
export class LiveModule {
  static with(readiness: ReadinessChecks): DynamicModule {
    return { module: LiveModule, imports: [HealthModule.with(readiness)] };
  }
}
