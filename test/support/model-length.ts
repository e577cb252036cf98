import { SystemClock } from '@candlekeep/clock';

/** How long the stack is played against the model, and from what. */
export interface ModelLength {
  readonly seed: number;
  /** Batches go on until so many minutes have passed; undefined: one short batch. */
  readonly minutes?: number;
  /** The one run of the first batch to repeat, as a failure printed it. */
  readonly path?: string;
}

/** `MODEL_SEED` (else a new one), `MODEL_MINUTES` and `MODEL_PATH`. */
export function modelLength(): ModelLength {
  const { MODEL_SEED, MODEL_MINUTES, MODEL_PATH } = process.env;
  return {
    seed: Number(MODEL_SEED ?? new SystemClock().nowMs() % 1_000_000),
    ...(MODEL_MINUTES === undefined ? {} : { minutes: Number(MODEL_MINUTES) }),
    ...(MODEL_PATH === undefined || MODEL_PATH === '' ? {} : { path: MODEL_PATH }),
  };
}
