import { Coverage, foldSourcesOf, Timeframe, type TimeRange } from '@candlekeep/market';

/** Slots of one timeframe. */
export interface TimeframeSlots {
  readonly timeframe: Timeframe;
  readonly slots: Coverage;
}

/** What matters of a page whose rows differ from what was stored. */
export interface CorrectedPage {
  readonly series: { readonly timeframe: Timeframe };
  readonly covered: TimeRange;
}

/**
 * The slots that a correction leaves in doubt, by timeframe and shortest first: {@link slotsFoldedFrom} the corrected ones, but for what
 * the page itself has shown.
 */
export function slotsInDoubt(
  { series, covered }: CorrectedPage,
  corrections: readonly { readonly openMs: number }[],
): readonly TimeframeSlots[] {
  const opens = corrections.map(({ openMs }) => openMs);
  const shown = Coverage.of([covered]);
  return slotsFoldedFrom(series.timeframe, opens).map(({ timeframe, slots }) => ({
    timeframe,
    slots: timeframe === series.timeframe ? slots.subtract(shown) : slots,
  }));
}

/**
 * The slots, by timeframe and shortest first, whose candles are wrong if they were folded from one of these candles, directly or by
 * way of another fold. A day's candle tells the distance from the day before, so that the day after is among them.
 */
export function slotsFoldedFrom(
  timeframe: Timeframe,
  opens: readonly number[],
): readonly TimeframeSlots[] {
  const touched = Timeframe.ALL.filter(
    (longer) => isFoldedFrom(longer, timeframe) || (longer === timeframe && longer.kind === 'day'),
  );
  return touched.map((longer) => ({
    timeframe: longer,
    slots: Coverage.of(
      opens.map((openMs) => ({
        fromMs: longer.floor(openMs),
        untilMs: longer.shift(openMs, longer.kind === 'day' ? 2 : 1),
      })),
    ),
  }));
}

function isFoldedFrom(longer: Timeframe, shorter: Timeframe): boolean {
  return foldSourcesOf(longer).some(
    (source) => source === shorter || isFoldedFrom(source, shorter),
  );
}
