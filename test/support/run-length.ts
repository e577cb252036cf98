import { SystemClock } from '@candlekeep/clock';

/** The seed of this run's random questions: `DIFFERENTIAL_SEED`, else a new one. Every run prints it. */
export function runSeed(): number {
  return Number(process.env.DIFFERENTIAL_SEED ?? new SystemClock().nowMs() % 1_000_000);
}

/** How many questions a differential run asks: `DIFFERENTIAL_REQUESTS`, else a short run. */
export function runLength(): number {
  return Number(process.env.DIFFERENTIAL_REQUESTS ?? 150);
}
