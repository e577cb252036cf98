import { HealthModule } from '@candlekeep/lifecycle';
import { type DynamicModule, Module } from '@nestjs/common';
import type { WorkerParts } from './worker-parts';

/** A worker's HTTP side: health only. */
@Module({})
export class WorkerModule {
  static with({ readiness }: WorkerParts): DynamicModule {
    return { module: WorkerModule, imports: [HealthModule.with(readiness)] };
  }
}
