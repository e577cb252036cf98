import type { Clock } from '@candlekeep/clock';
import type { Task } from './gateway-api';
import { GatewayRefused } from './gateway-refused';
import { progressLine } from './progress';
import { duration } from './quantities';
import type { Terminal } from './terminal';
import { beginWatch, seen, unseen, type Watch } from './watch';

export interface CommandParts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborts when the person at the keyboard has seen enough. */
  readonly interrupted: AbortSignal;
  /** What the gateway is shown, where it asks for a key. */
  readonly key?: string;
}

export interface FollowParts extends CommandParts {
  /** Where `look` looks. */
  readonly url: string;
  readonly look: () => Promise<Task>;
}

const LOOK_EVERY_MS = 500;
/** A gateway that restarts is no reason to leave. */
const PATIENCE_MS = 30_000;

/** Shows progress until the task has ended or the person has left. Throws what a look throws when it is final, or fails for 30 s. */
export async function follow(opened: Task, parts: FollowParts): Promise<Watch> {
  const { terminal, clock, interrupted } = parts;
  let watch = beginWatch(opened, clock.monotonicMs());
  for (;;) {
    terminal.show(progressLine(watch, silence(watch, parts)));
    if (watch.latest.task.state !== 'running') return watch;
    if (!(await stays(clock, interrupted))) return watch;
    watch = await lookAgain(watch, parts);
  }
}

async function lookAgain(watch: Watch, { clock, interrupted, look }: FollowParts): Promise<Watch> {
  const startedMs = clock.monotonicMs();
  try {
    return seen(watch, await look(), clock.monotonicMs());
  } catch (error) {
    if (interrupted.aborted) return watch;
    const { failingSinceMs = startedMs } = watch;
    const isFinal = !(error instanceof GatewayRefused) || error.isFinal;
    if (isFinal || clock.monotonicMs() - failingSinceMs >= PATIENCE_MS) throw error;
    return unseen(watch, startedMs);
  }
}

function silence({ failingSinceMs }: Watch, { url, clock }: FollowParts): string | undefined {
  if (failingSinceMs === undefined) return undefined;
  return `no answer from ${url} for ${duration(clock.monotonicMs() - failingSinceMs)}`;
}

/** Waits for the next look; false when the person left meanwhile. */
async function stays(clock: Clock, interrupted: AbortSignal): Promise<boolean> {
  return await clock.sleep(LOOK_EVERY_MS, interrupted).then(
    () => true,
    () => false,
  );
}
