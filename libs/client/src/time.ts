import { onAbort } from './on-abort';

/**
 * Time and chance, for this room alone: it is published on its own, so it brings the little that it needs of them with it.
 * Everything else here asks this file.
 */

/** Longest delay that a timer of Node.js can hold, ms; a longer one would ring at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Now, on a clock that nobody sets, ms. */
export function monotonicMs(): number {
  return performance.now();
}

/** A number in [0, 1). */
export function chance(): number {
  return Math.random();
}

/** Has `task` run in `ms`; the function that it returns calls it off. */
export function after(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
  return () => {
    clearTimeout(timer);
  };
}

/** Has `task` run when the code that is ready to run now has run. */
export function atEndOfTick(task: () => void): void {
  setImmediate(task);
}

/** Resolves in `ms`, or as soon as the signal is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      callOff();
      release();
      resolve();
    };
    const callOff = after(ms, wake);
    const release = onAbort(signal, wake);
  });
}
