import type { ForesightSource } from '../foresight/ask';

/**
 * Share of the call budget that a use leaves for worthier ones, 0 to 1. Somebody has just activated what a run is for, so it may spend all;
 * what is only likely leaves most.
 */
export const RESERVES = {
  run: 0,
  close: 0.1,
  day: 0.2,
  strategy: 0.1,
  habit: 0.3,
  pace: 0.3,
  sequence: 0.3,
  outlook: 0.5,
} as const satisfies Record<ForesightSource | 'run' | 'close' | 'day' | 'outlook', number>;
