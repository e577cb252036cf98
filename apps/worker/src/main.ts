import { SystemClock } from '@candlekeep/clock';
import { runProcess } from '@candlekeep/lifecycle';
import { createLogger } from '@candlekeep/telemetry';
import { readEnv } from './env';
import { startWorker } from './start-worker';

const log = createLogger('worker');
const clock = new SystemClock();

void runProcess({
  log,
  clock,
  start: (phase) => startWorker({ env: readEnv(), log, clock, phase }),
});
