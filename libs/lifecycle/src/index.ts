export { closeAll } from './close-all';
export { DrainingServer } from './draining-server';
export { EnvironmentRefused, parseEnvironment, variables } from './environment';
export { HealthModule } from './health.module';
export { type HttpDoor, type HttpDoorOptions, openHttpDoor } from './http-door.module';
export { type Closable, type LifecycleOptions, runProcess } from './process-lifecycle';
export { type Readiness, type ReadinessChecks } from './readiness';
export { PartAway, requireParts } from './require-part';
