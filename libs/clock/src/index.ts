export { Clock } from './clock';
export { ManualClock } from './manual-clock';
export { SystemClock } from './system-clock';
