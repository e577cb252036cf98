import { SystemClock } from '@candlekeep/clock';
import { runProcess } from '@candlekeep/lifecycle';
import { createLogger } from '@candlekeep/telemetry';
import { readEnv } from './env';
import { startLive } from './start-live';

const log = createLogger('live');
const clock = new SystemClock();

void runProcess({ log, clock, start: (phase) => startLive({ env: readEnv(), log, clock, phase }) });
