import type { Coverage, Timeframe, TimeRange } from '@candlekeep/market';

/** Slots of a longer timeframe, side by side, that candles of one source cover wholly. */
export interface FoldStep {
  readonly source: Timeframe;
  readonly range: TimeRange;
}

export interface FoldQuestion {
  readonly timeframe: Timeframe;
  /** From an open to an open. */
  readonly range: TimeRange;
  /** What is known of the timeframe itself: left alone. */
  readonly known: Coverage;
  /** What may be folded from, the preferred source first. */
  readonly sources: readonly { readonly timeframe: Timeframe; readonly coverage: Coverage }[];
  /** The most source slots that the steps may span together. */
  readonly maxParts: number;
}

/**
 * Which unknown slots of a range can be folded, and from what, newest first: where the budget ends, the newest are done. A slot
 * that a source covers wholly has closed, since coverage ends at the settled edge.
 */
export function planFold(question: FoldQuestion): readonly FoldStep[] {
  const { timeframe, range } = question;
  const steps: FoldStep[] = [];
  let parts = 0;
  for (
    let untilMs = range.untilMs;
    untilMs > range.fromMs;
    untilMs = timeframe.shift(untilMs, -1)
  ) {
    const slot = { fromMs: timeframe.shift(untilMs, -1), untilMs };
    const source = sourceOf(slot, question);
    if (source === undefined) continue;
    parts += source.slotOf(untilMs) - source.slotOf(slot.fromMs);
    if (parts > question.maxParts) break;
    const newer = steps.at(-1);
    if (newer?.source === source && newer.range.fromMs === untilMs) {
      steps[steps.length - 1] = { source, range: { ...newer.range, fromMs: slot.fromMs } };
    } else steps.push({ source, range: slot });
  }
  return steps;
}

function sourceOf(slot: TimeRange, { known, sources }: FoldQuestion): Timeframe | undefined {
  if (known.contains(slot)) return undefined;
  return sources.find(({ coverage }) => coverage.contains(slot))?.timeframe;
}
