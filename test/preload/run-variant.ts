import type { CallLimiter } from '@candlekeep/exchange-client';
import { silentLogger } from '@candlekeep/telemetry';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { SeededRandom } from '../support/seeded-random';
import { TapeExchange } from '../support/tape-exchange';
import type { Variant } from './foresight';
import type { LatencyProfile } from './latency';
import { PacedExchange } from './paced-exchange';
import { PreloadHouse, type ReplayTiers } from './preload-house';
import { LEAD_IN_MS, type PreloadWork, Replay } from './replay';
import { ReplayClock } from './replay-clock';
import { ReplaySource } from './replay-source';
import { TruthJudge } from './truth-judge';

/** What the servers of a replay are, anew for each. */
export interface ReplayServers {
  limiterOf(clock: ReplayClock): Promise<CallLimiter>;
  tiersOf(clock: ReplayClock): Promise<ReplayTiers>;
}

export interface ReplayTerms {
  readonly servers: ReplayServers;
  readonly latency: LatencyProfile;
  readonly seed: number;
}

/** Plays one workload with one variant, from nothing known. Rejects at the first wrong answer. */
export async function runVariant(
  work: PreloadWork,
  variant: Variant,
  terms: ReplayTerms,
): Promise<PreloadHouse> {
  const { tapes, aheadMs = 0 } = work;
  const { servers, latency, seed } = terms;
  const clock = new ReplayClock(work.span.fromMs - LEAD_IN_MS);
  const limiter = await servers.limiterOf(clock);
  const tiers = await servers.tiersOf(clock);
  const shown = new TapeExchange(tapes, clock);
  const exchange = new PacedExchange({
    ...{ shown, limiter, clock, latency, random: new SeededRandom(seed), aheadMs },
    onCall: (call) => {
      house.note(call);
    },
  });
  const parts = { ...tiers, clock, log: silentLogger };
  const pages = new PageFetcher({ ...parts, exchange });
  const source = new ReplaySource({ pages, folder: new SeriesFolder(parts), clock });
  const judge = new TruthJudge(shown, aheadMs);
  const house = new PreloadHouse({
    ...{ clock, tiers, source },
    judge: (question, answer, times) => {
      judge.judge(question, answer, times);
    },
  });
  await new Replay(work, { house, exchange }, clock).run(variant);
  return house;
}
