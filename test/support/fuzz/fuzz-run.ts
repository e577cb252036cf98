import { SystemClock } from '@candlekeep/clock';

/** What the requests of this run are made from: `FUZZ_SEED`, else a new one. Every run prints it. */
export function fuzzSeed(): number {
  return Number(process.env.FUZZ_SEED ?? new SystemClock().nowMs() % 1_000_000);
}

/** How many requests a run makes: `FUZZ_REQUESTS`, else a short run. */
export function fuzzRequests(): number {
  return Number(process.env.FUZZ_REQUESTS ?? 1_500);
}
