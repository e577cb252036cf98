import { quantile } from '../../apps/exchange-simulator/src/http/latency';
import type { SeededRandom } from '../support/seeded-random';

/** How long the exchange takes for an answer, ms, both ways together: shares of the answers and what these take at most. */
export type LatencyProfile = readonly (readonly [share: number, ms: number])[];

export const LATENCIES = {
  /** What was planned with: mean 150 ms, p95 500, tail 1,000. */
  plan: [
    [0, 40],
    [0.8, 125],
    [0.95, 500],
    [1, 1_000],
  ],
  /** What was measured: median 13 ms, p95 34. */
  measured: [
    [0, 8],
    [0.5, 13],
    [0.95, 34],
    [1, 60],
  ],
} as const satisfies Record<string, LatencyProfile>;

/** The time that a share of the answers takes at most, whole ms. */
export function latencyAt(profile: LatencyProfile, share: number): number {
  return Math.round(quantile(profile, share));
}

export function drawLatency(profile: LatencyProfile, random: SeededRandom): number {
  return latencyAt(profile, random.next());
}
