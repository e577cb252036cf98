import { monotonicMs, sleep } from '../src/time';

const never = new AbortController().signal;

/** Resolves when the condition holds; rejects with its last failure after 5 s. */
export async function waitFor(condition: () => void): Promise<void> {
  const untilMs = monotonicMs() + 5_000;
  for (;;) {
    try {
      condition();
      return;
    } catch (error) {
      if (monotonicMs() > untilMs) throw error;
      await sleep(5, never);
    }
  }
}
