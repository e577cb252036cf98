/** What a command tells the shell. 2 is left out: shells use it for themselves. */
export const EXIT = {
  /** All is well. */
  done: 0,
  /** Refused, failed, cancelled by somebody, nothing removed, or a verification found a difference. */
  notDone: 1,
  /** A verification found nothing stored, so it says nothing about what was there. */
  nothingCompared: 3,
  /** Ctrl-C, as shells count it: what is chained with `&&` does not run. */
  left: 130,
} as const;
