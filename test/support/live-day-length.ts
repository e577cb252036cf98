/** How long a simulated day is, and what it is drawn from. */
export interface LiveDayLength {
  readonly seed: number;
  /** Hours of virtual time. */
  readonly hours: number;
  /** Only days with faults whose names contain this. */
  readonly only: string;
}

/** `LIVE_DAY_SEED`, `LIVE_DAY_HOURS` (else a short day) and `LIVE_DAY_FAULT`. */
export function liveDayLength(): LiveDayLength {
  const { LIVE_DAY_SEED, LIVE_DAY_HOURS, LIVE_DAY_FAULT } = process.env;
  return {
    seed: Number(LIVE_DAY_SEED ?? 20_260_114),
    hours: Number(LIVE_DAY_HOURS ?? 1),
    only: LIVE_DAY_FAULT ?? '',
  };
}
