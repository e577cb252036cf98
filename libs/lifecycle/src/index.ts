export { closeAll } from './close-all';
export { EnvironmentRefused, parseEnvironment, variables } from './environment';
export { HealthModule } from './health.module';
export { type Closable, type LifecycleOptions, runProcess } from './process-lifecycle';
export { type Readiness, type ReadinessChecks } from './readiness';
