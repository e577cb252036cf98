import { openBehindEarlyDoor, type Opened, openHealthDoor } from '@candlekeep/lifecycle';
import type { WorkerEnv, WorkerStart } from './env';
import { openWorkerParts } from './worker-parts';

/** Begins to take jobs and, when `PORT` is set, answers health there. */
export async function startWorker(start: WorkerStart): Promise<Opened> {
  return await openBehindEarlyDoor(start, {
    openParts: () => openWorkerParts(start),
    openDoor: (parts, self, makeWay) => {
      start.log.info(startLine(start.env));
      const metrics = () => parts.metering.metrics;
      return openHealthDoor(start, parts, { self, checks: parts.readiness, metrics, makeWay });
    },
  });
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
