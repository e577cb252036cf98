import { laneRank } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { SeededRandom } from '../support/seeded-random';
import { drawLatency } from './latency';
import { ReplayClock } from './replay-clock';
import type { ReplayTerms } from './run-variant';

const START_MS = Date.UTC(2025, 8, 1);
/** The limiter's first rest. */
const REST_MS = 10_000;
const LONGEST_MS = 600_000;

/** How long so many calls take that are all wanted at once and pass through nothing but the limiter, ms. */
export async function limiterFloor(
  calls: number,
  { servers, latency, seed }: ReplayTerms,
): Promise<number> {
  const clock = new ReplayClock(START_MS);
  const limiter = await servers.limiterOf(clock);
  const random = new SeededRandom(seed);
  let endMs = 0;
  const call = async (): Promise<void> => {
    const permit = await limiter.take(
      new AbortController().signal,
      steadyDemand(laneRank('monitor')),
    );
    await clock.sleep(drawLatency(latency, random));
    await limiter.release(permit, { kind: 'answered' });
    endMs = Math.max(endMs, clock.nowMs());
  };
  await clock.passTo(START_MS + REST_MS);
  const all = Promise.all(Array.from({ length: calls }, call));
  await clock.passTo(START_MS + LONGEST_MS);
  await all;
  return endMs - START_MS - REST_MS;
}
