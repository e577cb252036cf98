import { setMaxListeners } from 'node:events';

/** What ends a calculator that follows: the process, whose signals and whose output count. */
export interface LeaveSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  readonly stdout: {
    on(event: 'error', listener: () => void): unknown;
  };
}

/** Aborts when somebody has seen enough: Ctrl-C, or the end of the pipe into which lines are written (`| head`). */
export function listenForLeave(source: LeaveSource): AbortSignal {
  const left = new AbortController();
  // Every question of every calculator of a load listens: more than the ten from which Node suspects a leak.
  setMaxListeners(0, left.signal);
  const leave = (): void => {
    left.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) source.on(signal, leave);
  source.stdout.on('error', leave);
  return left.signal;
}
