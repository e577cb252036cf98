import type { Clock } from '@candlekeep/clock';
import { HashSequence } from '../tape/hash-sequence';

/**
 * Delays by their quantiles: [share of answers, at most this many ms], straight lines between. `plan`: mean 150 ms, 95 % within 500, none
 * above 1,000. `measured`: half within 13 ms, 95 % within 34.
 */
const QUANTILES = {
  plan: [
    [0, 10],
    [0.5, 80],
    [0.8, 180],
    [0.95, 500],
    [1, 1_000],
  ],
  measured: [
    [0, 8],
    [0.5, 13],
    [0.95, 34],
    [1, 90],
  ],
} as const;

const FINENESS = 1_000_000;

/** Names of the latency profiles; `none` leaves it to the mean. */
export const LATENCY_PROFILES = ['none', 'plan', 'measured'] as const;
export type LatencyProfile = (typeof LATENCY_PROFILES)[number];

/** How late answers are. */
export interface LatencySettings {
  /** Takes the place of the mean unless it is `none`. */
  readonly profile: LatencyProfile;
  /** Mean of evenly spread delays between none and twice as much, ms. */
  readonly meanMs: number;
  /** Profiles draw the same delays in the same order for equal seeds. */
  readonly seed: string;
}

/** Draws the delay of each answer. */
export class Latency {
  private current: LatencySettings;
  private draw: HashSequence;

  constructor(
    settings: LatencySettings,
    private readonly clock: Clock,
  ) {
    this.current = settings;
    this.draw = new HashSequence(settings.seed);
  }

  get settings(): LatencySettings {
    return this.current;
  }

  /** From the next answer on; the draw begins anew. */
  change(settings: LatencySettings): void {
    this.current = settings;
    this.draw = new HashSequence(settings.seed);
  }

  /** Waits for the two parts of one answer's delay: before and after its data are taken. */
  nextHalvesMs(): readonly [number, number] {
    const { profile, meanMs } = this.current;
    if (profile === 'none') return [meanMs * this.clock.random(), meanMs * this.clock.random()];
    const half = quantile(QUANTILES[profile], this.draw.below(FINENESS) / FINENESS) / 2;
    return [half, half];
  }
}

/** What a share (0 to 1, 1 excluded) of all stays within, by points of [share, value] that ascend; straight lines between them. */
export function quantile(points: readonly (readonly [number, number])[], share: number): number {
  const upper = points.findIndex(([reached]) => reached > share);
  const [from, low] = points[upper - 1] ?? [0, 0];
  const [until, high] = points[upper] ?? [1, low];
  return low + ((share - from) / (until - from)) * (high - low);
}
