import type { Clock } from '@candlekeep/clock';

/** Sleeps until the monotonic clock shows `atMs` or later; timers may ring a fraction of a millisecond early. */
export async function sleepUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const leftMs = atMs - clock.monotonicMs();
    if (leftMs <= 0) return;
    await clock.sleep(Math.ceil(leftMs), signal);
  }
}
