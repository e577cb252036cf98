import type { Clock } from '@candlekeep/clock';
import {
  byLimitGroup,
  type CallLimiter,
  ExchangePaused,
  UpbitRestClient,
} from '@candlekeep/exchange-client';
import { type CallEnding, type Demand, type Permit, RateLimiter } from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { version } from '../../../../package.json';
import { type Offset, offsetOf } from '../clock-offset';
import { reasonOf } from '../finding';
import type { WayLook } from './way-look';

export interface RestAsk {
  readonly url: string;
  readonly egressId: string;
  /** The caps that workers keep, calls of a group; 0 for none. */
  readonly caps: { readonly perMinute: number; readonly perHour: number };
  /** Where the cluster's limiter remembers; without it no worker calls either, and the one call needs no permit. */
  readonly queue: RedisConnection | undefined;
}

/** For the permit and the call. A limiter without memory rests for a second first. */
const REST_WITHIN_MS = 10_000;
/** The exchange's `Date` knows whole seconds. */
const SECOND_MS = 1_000;

/** Asks the exchange's REST interface for the time: at most one call. */
export async function lookAtRest(
  { url, egressId, caps, queue }: RestAsk,
  clock: Clock,
): Promise<WayLook<{ readonly offset: Offset }>> {
  const told = new ToldEndings(
    queue === undefined
      ? freePass(clock)
      : new RateLimiter(queue, { egressId, group: 'ticker', ...caps }, clock),
  );
  const client = new UpbitRestClient({
    ...{ baseUrl: url, version, clock, log: silentLogger },
    // Only `ticker` is asked.
    limiters: byLimitGroup(() => told),
  });
  const untilMonotonicMs = clock.monotonicMs() + REST_WITHIN_MS;
  const demand = { rank: 0, untilMonotonicMs, onChange: () => () => undefined };
  try {
    const time = await client.getTime({ signal: AbortSignal.timeout(REST_WITHIN_MS), demand });
    const tookMs = clock.monotonicMs() - time.askedMonotonicMs;
    const heardMs = clock.nowMs();
    const reading = { askedMs: heardMs - tookMs, toldMs: time.readAtMs, heardMs };
    return { kind: 'open', tookMs, offset: offsetOf({ ...reading, precisionMs: SECOND_MS }) };
  } catch (error) {
    if (error instanceof ExchangePaused) return { kind: 'paused', reason: error.message };
    return { kind: 'closed', reason: reasonOf(error) };
  } finally {
    client.close();
    await told.all();
  }
}

/** A limiter that is not left before it knows how each call ended: it would keep workers waiting for an answer. */
class ToldEndings implements CallLimiter {
  private readonly endings: Promise<unknown>[] = [];

  constructor(private readonly limiter: CallLimiter) {}

  take(signal: AbortSignal, demand: Demand): Promise<Permit> {
    return this.limiter.take(signal, demand);
  }

  release(permit: Permit, ending: CallEnding): Promise<number> {
    const told = this.limiter.release(permit, ending);
    this.endings.push(told);
    return told;
  }

  /** Resolves when all that was told has arrived, or got lost. */
  async all(): Promise<void> {
    await Promise.allSettled(this.endings);
  }
}

function freePass(clock: Clock): CallLimiter {
  return {
    take: () => {
      const beforeMs = clock.monotonicMs() + REST_WITHIN_MS / 2;
      return Promise.resolve({
        token: clock.token(),
        sendBeforeMonotonicMs: beforeMs,
        answerBeforeMonotonicMs: beforeMs,
      });
    },
    release: () => Promise.resolve(0),
  };
}
