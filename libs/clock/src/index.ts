export { Clock } from './clock';
export { ManualClock } from './manual-clock';
export { secretBytes } from './secret-bytes';
export { SystemClock } from './system-clock';
export { unlessAborted } from './unless-aborted';
