/** Failures in a row stretch the pause up to so many times. */
const SLOWEST = 8;

/**
 * Does the work now and again `seconds` after it ended, as long as the page is looked at. `onFailure` hears of each failure.
 * Resolves never; returns what begins the next round at once.
 */
export function repeat(seconds, work, onFailure = () => {}) {
  let timer;
  let failures = 0;
  let isRunning = false;
  const round = async () => {
    clearTimeout(timer);
    if (isRunning || document.hidden) return;
    isRunning = true;
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures += 1;
      onFailure(error);
    }
    isRunning = false;
    timer = setTimeout(round, seconds * 1_000 * Math.min(2 ** failures, SLOWEST));
  };
  document.addEventListener('visibilitychange', round);
  void round();
  return round;
}
