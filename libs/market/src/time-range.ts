/** A half-open range of instants, `[fromMs, untilMs)`, epoch ms UTC. Empty when `fromMs >= untilMs`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Whether no instant lies in the range. */
export function isEmptyRange({ fromMs, untilMs }: TimeRange): boolean {
  return fromMs >= untilMs;
}

/** The instants common to both ranges; possibly empty. */
export function intersectRanges(a: TimeRange, b: TimeRange): TimeRange {
  return { fromMs: Math.max(a.fromMs, b.fromMs), untilMs: Math.min(a.untilMs, b.untilMs) };
}
