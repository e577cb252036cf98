export { type BuildInfo, readBuild } from './build-info';
export { closeAll, closeTogether } from './close-all';
export { drainNoticeMs, EnvironmentRefused, parseEnvironment, variables } from './environment';
export { type HealthDoorOptions, openHealthDoor } from './health-door.module';
export { HealthModule } from './health.module';
export { type HttpDoor, type HttpDoorOptions, openHttpDoor } from './http-door.module';
export { isLoopback } from './loopback';
export { MetricsModule } from './metrics.module';
export {
  openBehindEarlyDoor,
  type ProcessOpening,
  type ProcessSelf,
  type ProcessStart,
} from './open-behind-early-door';
export { type Closable, type LifecycleOptions, type Opened, runProcess } from './process-lifecycle';
export { type Phase, ProcessPhase } from './process-phase';
export { type Readiness, type ReadinessChecks, type ReadinessParts } from './readiness';
export { PartAway, requireParts } from './require-part';
export { type SideDoorOptions } from './side-door';
