import { Clock } from '@candlekeep/clock';
import { isSystemError } from '../start-failure';
import { ProcessStamp, isRunning } from './process-stamp';

const pollMs = 50;
const killMs = 5_000;

/** Asks a process to end with SIGTERM, and makes it end with SIGKILL when it still lives after `graceMs`. */
export async function endProcess(
  stamp: ProcessStamp,
  graceMs: number,
  clock: Clock,
): Promise<'ended' | 'killed'> {
  await trySignal(stamp, 'SIGTERM');
  if (await isGoneWithin(stamp, graceMs, clock)) return 'ended';
  await killProcess(stamp, clock);
  return 'killed';
}

/** Ends a process with SIGKILL and waits until it is gone. */
export async function killProcess(stamp: ProcessStamp, clock: Clock): Promise<void> {
  await trySignal(stamp, 'SIGKILL');
  await isGoneWithin(stamp, killMs, clock);
}

/** Waits at most `limitMs` for a process to be gone. */
export async function isGoneWithin(
  stamp: ProcessStamp,
  limitMs: number,
  clock: Clock,
): Promise<boolean> {
  const untilMs = clock.monotonicMs() + limitMs;
  while (await isRunning(stamp)) {
    if (clock.monotonicMs() >= untilMs) return false;
    await clock.sleep(pollMs);
  }
  return true;
}

async function trySignal(stamp: ProcessStamp, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(stamp))) return;
  try {
    process.kill(stamp.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}
