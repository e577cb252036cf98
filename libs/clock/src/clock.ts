/** Time and chance as inputs, so that tests own them. Also the Nest token of the clock in use. */
export abstract class Clock {
  /** Wall time, epoch ms. May jump; never measure a duration with it. */
  abstract nowMs(): number;

  /** Milliseconds from an arbitrary start; never goes back. For durations and deadlines. */
  abstract monotonicMs(): number;

  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;

  /** Calls `task` every `ms` until the returned function is called. The timer does not keep a process alive. */
  abstract every(ms: number, task: () => void): () => void;

  /** A number in [0, 1), for jitter. */
  abstract random(): number;

  /** A fresh 128-bit token as text, for ids and leases. */
  abstract token(): string;
}
