import { Coverage, foldSourcesOf, type Timeframe } from '@candlekeep/market';
import type { ReadPlan, StoredCoverages } from './read-plan';
import { tileOf } from './tile';

type FoldPlan = Extract<ReadPlan, { kind: 'fold' }>;

/** The fold that makes a slot known from what is stored, through a timeframe between if need be; undefined when there is none. */
export function planFold(
  timeframe: Timeframe,
  slotMs: number,
  stored: StoredCoverages,
): FoldPlan | undefined {
  const slot = { fromMs: slotMs, untilMs: timeframe.closeOf(slotMs) };
  const sources = foldSourcesOf(timeframe);
  const coverageOf = ({ code }: Timeframe): Coverage => stored.get(code) ?? Coverage.EMPTY;
  if (sources.some((source) => coverageOf(source).contains(slot))) {
    return { kind: 'fold', timeframe, untilMs: tileOf(timeframe, slotMs).untilMs };
  }
  for (const source of sources) {
    const gap = coverageOf(source).newestGap(slot);
    const newestMs = gap && source.shift(gap.untilMs, -1);
    const fold = newestMs === undefined ? undefined : planFold(source, newestMs, stored);
    if (fold !== undefined) return fold;
  }
  return undefined;
}
