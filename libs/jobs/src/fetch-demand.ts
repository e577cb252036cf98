import { InvalidValue, type Lane } from '@candlekeep/market';

/** How long and how urgently somebody wants a fetch. */
export interface FetchDemand {
  /** All the patience that the caller has left, ms; above 0. More than {@link LONGEST_WAIT_MS} counts as that. */
  readonly waitMs: number;
  readonly lane: Lane;
}

/** Nobody waits longer for one fetch, ms. */
export const LONGEST_WAIT_MS = 60_000;

/** The caller's patience, whole ms. Throws {@link InvalidValue} when there is none. */
export function patienceOf({ waitMs }: FetchDemand): number {
  if (waitMs > 0) return Math.ceil(Math.min(waitMs, LONGEST_WAIT_MS));
  throw new InvalidValue(`waitMs is ${waitMs}: a fetch is waited for, for more than 0 ms`);
}
