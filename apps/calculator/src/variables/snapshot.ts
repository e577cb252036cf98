import type { Variable } from '@candlekeep/variables';
import type { CandleWindow } from './candle-window';
import type { SeriesPlan, Subject } from './plan';
import { type Reading, readVariable, SHOWN } from './reading';

/** All variables of a subject at one moment. */
export interface Snapshot {
  readonly subject: Subject;
  readonly readings: readonly Reading[];
  /** When the newest candle was seen at the exchange, epoch ms. */
  readonly asOfMs: number;
  /** Where the candles came from when they were read. */
  readonly source: string;
  /** Candles at hand of the subject's timeframe, and whether the newest of them is forming. */
  readonly candles: number;
  readonly isForming: boolean;
}

/** What is at hand of a planned series. */
export interface PlannedWindow {
  readonly plan: SeriesPlan;
  readonly window: CandleWindow;
}

/** Computes every variable of the candles at hand. */
export function snapshotOf(subject: Subject, planned: readonly PlannedWindow[]): Snapshot {
  const readings = SHOWN.flatMap((variable) => {
    const found = planned.find(({ plan }) => plan.variables.includes(variable));
    return found === undefined ? [] : [readVariable(variable, barsFor(variable, subject, found))];
  });
  const main = planned.find(({ plan }) => plan.series.timeframe === subject.timeframe)?.window;
  return {
    ...{ subject, readings, asOfMs: main?.asOfMs ?? 0, source: main?.source ?? 'nowhere' },
    ...{ candles: main?.bars.length ?? 0, isForming: main?.isForming === true },
  };
}

function barsFor(variable: Variable, { isClosedOnly }: Subject, { window }: PlannedWindow) {
  return isClosedOnly && variable !== 'CURRENT_PRICE' ? window.closedBars : window.bars;
}
