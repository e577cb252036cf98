import type { Clock } from '@candlekeep/clock';
import {
  closeAll,
  drainNoticeMs,
  EarlyDoor,
  type Opened,
  openHttpDoor,
  type ProcessPhase,
  readBuild,
} from '@candlekeep/lifecycle';
import type { AdjustableLogger } from '@candlekeep/telemetry';
import type { WorkerEnv } from './env';
import { openWorkerParts } from './worker-parts';
import { WorkerModule } from './worker.module';

export interface WorkerStart {
  readonly env: WorkerEnv;
  readonly log: AdjustableLogger;
  readonly clock: Clock;
  readonly phase: ProcessPhase;
}

/** Begins to take jobs and, when `PORT` is set, answers health there. */
export async function startWorker(start: WorkerStart): Promise<Opened> {
  const { env, log, clock, phase } = start;
  log.adjust(env.LOG_LEVEL);
  const self = { phase, build: readBuild(env.BUILD_COMMIT), startedAtMs: clock.nowMs() };
  const early = await EarlyDoor.open({ host: env.HOST, port: env.PORT }, self);
  const parts = await openWorkerParts(start).finally(() => {
    early.release();
  });
  log.info(startLine(env));
  if (env.PORT === undefined) return parts;
  try {
    const { HOST: host, PORT: port } = env;
    const { readiness: checks, metering } = parts;
    const module = WorkerModule.with({ ...self, checks }, metering.metrics);
    const health = await openHttpDoor(module, { host, port, clock });
    return { drainNoticeMs: drainNoticeMs(env), close: () => closeAll([health, parts]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** What the exchange may be asked, in one line: workers of an egress must agree on it. */
function startLine({
  UPBIT_REST_URL,
  EGRESS_ID,
  LIMIT_PER_MINUTE,
  LIMIT_PER_HOUR,
  PRELOAD_CALLS_PER_HOUR,
}: WorkerEnv): string {
  const caps = `${capText(LIMIT_PER_MINUTE, 'a minute')} and ${capText(LIMIT_PER_HOUR, 'an hour')}`;
  return `worker takes jobs and asks ${UPBIT_REST_URL} as egress "${EGRESS_ID}", in each limit group ${caps}; early at most ${PRELOAD_CALLS_PER_HOUR} calls an hour of all workers together`;
}

function capText(cap: number, window: string): string {
  return cap === 0 ? `without a cap ${window}` : `at most ${cap} calls ${window}`;
}
