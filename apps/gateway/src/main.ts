import { SystemClock } from '@candlekeep/clock';
import { runProcess } from '@candlekeep/lifecycle';
import { createLogger } from '@candlekeep/telemetry';
import { readEnv } from './env';
import { startGateway } from './start-gateway';

const log = createLogger('gateway');
const clock = new SystemClock();

void runProcess({
  log,
  clock,
  start: (phase) => startGateway({ env: readEnv(), log, clock, phase }),
});
