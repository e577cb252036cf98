import type { Metrics } from '@candlekeep/telemetry';
import { Module } from '@nestjs/common';
import { closeAll } from './close-all';
import { drainNoticeMs } from './environment';
import { HealthModule } from './health.module';
import { openHttpDoor } from './http-door.module';
import { MetricsModule } from './metrics.module';
import type { ProcessSelf, ProcessStart } from './open-behind-early-door';
import type { Closable, Opened } from './process-lifecycle';
import type { ReadinessChecks } from './readiness';

interface HealthDoorEnv {
  readonly HOST: string;
  /** Without one there is no door. */
  readonly PORT?: number | undefined;
  readonly DRAIN_NOTICE_MS?: number | undefined;
}

/** What a process tells of itself. */
export interface HealthDoorOptions {
  readonly self: ProcessSelf;
  readonly checks: ReadinessChecks;
  /** Made only where there is a door. */
  readonly metrics: () => Metrics;
  /** Has the early door make way. */
  readonly makeWay: () => void;
}

@Module({})
class HealthDoorModule {}

/** Opens the door of a process that answers health and metrics there, and nothing else. Its parts are closed after it. */
export async function openHealthDoor(
  { env, clock }: Pick<ProcessStart<HealthDoorEnv>, 'env' | 'clock'>,
  parts: Closable,
  { self, checks, metrics, makeWay }: HealthDoorOptions,
): Promise<Opened> {
  const { HOST: host, PORT: port } = env;
  if (port === undefined) return parts;
  const imports = [HealthModule.with({ ...self, checks }), MetricsModule.with(metrics())];
  const module = { module: HealthDoorModule, imports };
  const door = await openHttpDoor(module, { host, port, clock, makeWay });
  return { drainNoticeMs: drainNoticeMs(env), close: () => closeAll([door, parts]) };
}
