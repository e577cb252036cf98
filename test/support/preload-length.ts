/** How much of the preloading proof is replayed, and from what. */
export interface PreloadLength {
  readonly seed: number;
  /** Days of the habits workload. */
  readonly days: number;
  /** Hours of the other workloads. */
  readonly hours: number;
  /** L1 and L2 in memory, or the real ones. */
  readonly tiers: 'memory' | 'real';
}

/** `PRELOAD_SEED`, `PRELOAD_DAYS` and `PRELOAD_HOURS` (else short spans), and `PRELOAD_TIERS`. */
export function preloadLength(): PreloadLength {
  const { PRELOAD_SEED, PRELOAD_DAYS, PRELOAD_HOURS, PRELOAD_TIERS } = process.env;
  return {
    seed: Number(PRELOAD_SEED ?? 20_260_907),
    days: Number(PRELOAD_DAYS ?? 0.05),
    hours: Number(PRELOAD_HOURS ?? 0.05),
    tiers: PRELOAD_TIERS === 'real' ? 'real' : 'memory',
  };
}
