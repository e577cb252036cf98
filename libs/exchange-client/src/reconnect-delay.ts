const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to stay away after the `failures`-th failure in a row (1 and up), ms: half to whole of 1 s, 2 s, 4 s … 30 s (`longestMs`),
 * as `chance` in [0, 1) says. At most two tries a second and process; the exchange allows five to an IP.
 */
export function reconnectDelayMs(failures: number, chance: number, longestMs = LONGEST_MS): number {
  const ceilingMs = Math.min(FIRST_MS * 2 ** (failures - 1), longestMs);
  return Math.round(ceilingMs * (0.5 + chance / 2));
}
