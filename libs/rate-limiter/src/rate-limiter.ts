import path from 'node:path';
import type { Clock } from '@candlekeep/clock';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { checkPolicy, type CheckedPolicy, type LimitPolicy } from './limit-policy';

/** The right to send one call. Instants are of the taker's own monotonic clock, ms. */
export interface Permit {
  readonly token: string;
  /** Send strictly before this instant, or release the permit unused: half of the call's time is left for the way. */
  readonly sendBeforeMonotonicMs: number;
  /** Give the call up (destroy its socket) at this instant when it has no whole answer yet. */
  readonly answerBeforeMonotonicMs: number;
}

export type TakeOutcome =
  | { readonly kind: 'granted'; readonly permit: Permit }
  /** Nothing was taken; asking sooner than after `retryAfterMs` is useless. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** Why a group is paused; readable in the pause key. */
export type PauseReason = 'rate-limited' | 'banned';

/** Longer than a slot can take to rest, shorter than a caller of a gateway is made to wait. */
const PATIENCE_MS = 5_000;

/** The whole group is paused for longer than the taker is ready to wait. */
export class LimitPaused extends Error {
  override readonly name = 'LimitPaused';
  readonly code = 'LIMIT_PAUSED';
  readonly retryable = true;

  constructor(
    /** What is left of the pause, ms. */
    readonly retryAfterMs: number,
  ) {
    super(`no call is granted for another ${Math.ceil(retryAfterMs / 1_000)} s`);
  }
}

/** Waiters that were told the same moment ask again spread over this long. */
const RETRY_JITTER_MS = 15;

/**
 * At most `limit` calls of one group in any window as the exchange receives them, for any number of processes that
 * share the Redis server and the `egressId`. The argument stands in `take.lua`. Every method rejects with ioredis'
 * error when Redis does not answer: without it nothing may be sent.
 */
export class RateLimiter {
  private readonly policy: CheckedPolicy;
  private readonly slotsKey: string;
  private readonly pauseKey: string;

  /** Throws `RangeError` for a policy that could not keep its promise. */
  constructor(
    private readonly redis: RedisConnection,
    policy: LimitPolicy,
    private readonly clock: Clock,
  ) {
    this.policy = checkPolicy(policy);
    this.slotsKey = keys.limit(policy.egressId, policy.group, 'slots');
    this.pauseKey = keys.limit(policy.egressId, policy.group, 'pause');
  }

  /** Asks once, without waiting. */
  async tryTake(): Promise<TakeOutcome> {
    const { limit, leaseMs, restMs, callMs } = this.policy;
    const token = this.clock.token();
    // Read before asking: the lease starts in Redis no earlier than this, however long the reply is on its way.
    const askedMs = this.clock.monotonicMs();
    const retryAfterMs = await takeScript.run(
      this.redis,
      [this.slotsKey, this.pauseKey],
      [token, limit, leaseMs, restMs],
    );
    if (retryAfterMs > 0) return { kind: 'limited', retryAfterMs };
    const permit = {
      token,
      sendBeforeMonotonicMs: askedMs + callMs / 2,
      answerBeforeMonotonicMs: askedMs + callMs,
    };
    return { kind: 'granted', permit };
  }

  /**
   * Waits for a permit; rejects with the signal's reason when it aborts first, and at once with {@link LimitPaused} when the
   * group grants nothing for longer than `patienceMs` (default 5,000): whoever waits has a right to know.
   */
  async take(signal: AbortSignal, patienceMs = PATIENCE_MS): Promise<Permit> {
    for (;;) {
      signal.throwIfAborted();
      const outcome = await this.tryTake();
      if (outcome.kind === 'granted') return outcome.permit;
      if (outcome.retryAfterMs > patienceMs) throw new LimitPaused(outcome.retryAfterMs);
      const jitterMs = this.clock.random() * RETRY_JITTER_MS;
      await this.clock.sleep(outcome.retryAfterMs + jitterMs, signal);
    }
  }

  /**
   * Says that the call of this permit has been answered, or that the exchange will never receive it. A call that was
   * given up while it may still be on its way is not released: its slot waits for the end of the lease.
   */
  async release(permit: Permit): Promise<void> {
    await releaseScript.run(this.redis, [this.slotsKey], [permit.token, this.policy.restMs]);
  }

  /** Grants nothing in the whole group for `ms`; the longer of two pauses wins. Resolves to the ms that are left of it. */
  async pause(ms: number, reason: PauseReason): Promise<number> {
    return pauseScript.run(this.redis, [this.pauseKey], [Math.max(1, Math.ceil(ms)), reason]);
  }
}

const takeScript = new LuaScript(path.join(__dirname, 'take.lua'), wholeNumber);
const releaseScript = new LuaScript(path.join(__dirname, 'release.lua'), wholeNumber);
const pauseScript = new LuaScript(path.join(__dirname, 'pause.lua'), wholeNumber);

function wholeNumber(reply: unknown): number {
  if (typeof reply === 'number' && Number.isInteger(reply)) return reply;
  throw new TypeError(`limiter script replied ${JSON.stringify(reply)} instead of a whole number`);
}
