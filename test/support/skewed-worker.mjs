// A worker as `npm run start:worker` runs it, but both of its clocks are off by CLOCK_OFFSET_MS. LIMITER=fixed-window gives it a
// limiter that is known to be wrong.
import clockRoom from '../../dist/libs/clock/src/index.js';
import lifecycleRoom from '../../dist/libs/lifecycle/src/index.js';
import telemetryRoom from '../../dist/libs/telemetry/src/index.js';
import limiterModule from '../../dist/libs/rate-limiter/src/rate-limiter.js';
import { FixedWindowLimiter } from './fixed-window-limiter.mjs';

// The worker's modules look the limiter up when they are loaded, so the wrong one must be in its place by then.
if (process.env.LIMITER === 'fixed-window') limiterModule.RateLimiter = FixedWindowLimiter;
const { startWorker } = (await import('../../dist/apps/worker/src/start-worker.js')).default;
const { readEnv } = (await import('../../dist/apps/worker/src/env.js')).default;

const offMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);

class SkewedClock extends clockRoom.SystemClock {
  nowMs() {
    return super.nowMs() + offMs;
  }

  monotonicMs() {
    return super.monotonicMs() + offMs;
  }
}

const log = telemetryRoom.createLogger('worker');
const clock = new SkewedClock();
void lifecycleRoom.runProcess({
  log,
  clock,
  start: (phase) => startWorker({ env: readEnv(), log, clock, phase }),
});
