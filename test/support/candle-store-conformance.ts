import type { CandleStore } from '@candlekeep/candle-cache';
import { describeAgainstModel } from './candle-store/against-model';
import { describeFences } from './candle-store/fences';
import { describeFolds } from './candle-store/folds';
import { describeProvenance } from './candle-store/provenance';
import { describeReading } from './candle-store/reading';
import { describeRevisions } from './candle-store/revisions';
import { describeRefusals, describeSaving } from './candle-store/saving';
import { describeStreamed } from './candle-store/streamed';

/** Registers what every candle store must do; `open` is called once, before the first test. */
export function describeCandleStore(
  open: () => Promise<CandleStore>,
  { modelRuns = 60 }: { readonly modelRuns?: number } = {},
): void {
  let opened: CandleStore;

  beforeAll(async () => {
    opened = await open();
  });

  const store = (): CandleStore => opened;
  describeReading(store);
  describeSaving(store);
  describeRefusals(store);
  describeProvenance(store);
  describeRevisions(store);
  describeFolds(store);
  describeStreamed(store);
  describeFences(store);
  describeAgainstModel(store, modelRuns);
}
