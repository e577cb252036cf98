/** Calls that the exchange allows in a second. */
export const BUDGET_PER_SECOND = 10;
const SECOND_MS = 1_000;

/** Arrivals a second between the first and the last; `atMs` in their order. */
export function perSecond(atMs: readonly number[]): number {
  const lastsMs = (atMs.at(-1) ?? 0) - (atMs[0] ?? 0);
  return lastsMs === 0 ? 0 : ((atMs.length - 1) / lastsMs) * SECOND_MS;
}

/** Arrivals a second in [fromMs, untilMs). */
export function perSecondWithin(atMs: readonly number[], fromMs: number, untilMs: number): number {
  const within = atMs.filter((ms) => ms >= fromMs && ms < untilMs);
  return (within.length / (untilMs - fromMs)) * SECOND_MS;
}

/**
 * How long after `sinceMs` a stretch of `stretchMs` begins in which there are at least `rate` arrivals a second; undefined when
 * none has been seen from end to end.
 */
export function findRegainedMs(
  atMs: readonly number[],
  wish: { readonly sinceMs: number; readonly rate: number; readonly stretchMs: number },
): number | undefined {
  const { sinceMs, rate, stretchMs } = wish;
  const needed = Math.ceil((rate * stretchMs) / SECOND_MS);
  const later = atMs.filter((ms) => ms >= sinceMs);
  const first = later.findIndex((ms, index) => {
    const last = later[index + needed - 1];
    return last !== undefined && last < ms + stretchMs;
  });
  return first < 0 ? undefined : Math.round((later[first] ?? sinceMs) - sinceMs);
}

/** The value below which `share` of all lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
