import { SystemClock } from '@candlekeep/clock';
import { Untrue } from './truth';

/** Of the real clock. */
const LONGEST_MOVE_MS = 5_000;
const realTime = new SystemClock();

/** A step that never ends is as wrong as a wrong answer. `underWay` names who has not ended. */
export async function inTime(
  work: Promise<void>,
  underWay: () => readonly string[],
): Promise<void> {
  const done = new AbortController();
  const late = realTime.sleep(LONGEST_MOVE_MS, done.signal).then(() => {
    throw new Untrue(`a move does not end: ${underWay().join('\n')}`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
    await late.catch(() => undefined);
  }
}
