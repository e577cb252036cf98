import type { CandleStore, ProvenPage, SavedPage } from '@candlekeep/candle-cache';
import { StaleBasis } from '@candlekeep/candle-store';
import { foldSourcesOf, type Provenance, type Series } from '@candlekeep/market';
import fc from 'fast-check';
import {
  candle,
  freshSeries,
  inTimeframe,
  pageOf,
  readAll,
  START_MS,
  unverifiedRanges,
} from './pages';
import { MODEL_TIMEFRAMES, SlotModel } from './slot-model';

/** One thing that happens to a market: a page that was made at one time and saved at another, or a purge. */
const steps = fc.record({
  isPurge: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
  /** How many steps the page waits between its making and its saving. */
  delay: fc.constantFrom(0, 0, 0, 1, 2),
  code: fc.constantFrom(...MODEL_TIMEFRAMES),
  provenance: fc.constantFrom<Provenance>('native', 'native', 'fold', 'stream'),
  slot: fc.nat(8),
  length: fc.integer({ min: 1, max: 6 }),
  traded: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  close: fc.constantFrom('103460000.00000000', '0.00006968', '298.10000000'),
  /** In quarters of a slot. */
  readAfter: fc.nat(60),
});
type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

interface MadePage {
  readonly page: ProvenPage;
  readonly moves: ReadonlyMap<string, number>;
  readonly dueAt: number;
}

/** Compares the store with a plain model after each of many random steps. */
export function describeAgainstModel(store: () => CandleStore, numRuns: number): void {
  it('equals a plain model after pages of all kinds, in any order, late and repeated', async () => {
    const scripts = fc.array(steps, { minLength: 4, maxLength: 14 });
    const property = fc.asyncProperty(scripts, (script) => play(store(), script));
    await fc.assert(property, { numRuns });
  });
}

async function play(store: CandleStore, script: readonly Step[]): Promise<void> {
  const series = freshSeries();
  const model = new SlotModel();
  for (const code of MODEL_TIMEFRAMES) await store.openRevision(inTimeframe(series, code));
  let waiting: MadePage[] = [];
  for (const [now, step] of script.entries()) {
    if (step.isPurge) {
      await store.purge(series.market);
      model.purge();
    } else {
      waiting.push(await make(store, inTimeframe(series, step.code), { step, model, now }));
    }
    for (const { page, moves } of waiting.filter(({ dueAt }) => dueAt <= now)) {
      expect(await outcomeOf(store.save(page))).toEqual(model.save(page, moves));
    }
    waiting = waiting.filter(({ dueAt }) => dueAt > now);
    await compare(store, series, model);
  }
  for (const code of MODEL_TIMEFRAMES) {
    const doubts = await unverifiedRanges(store, inTimeframe(series, code));
    expect(doubts).toEqual(model.unverified(code).ranges);
  }
}

async function make(
  store: CandleStore,
  series: Series,
  { step, model, now }: { step: Step; model: SlotModel; now: number },
): Promise<MadePage> {
  const { timeframe } = series;
  const { slot, length, traded, close, readAfter, delay } = step;
  const opens = Array.from({ length }, (_, i) => timeframe.shift(START_MS, slot + i));
  const rows = opens.filter((_, i) => traded[i]).map((openMs) => ({ ...candle(0, close), openMs }));
  const covered = { fromMs: opens[0]!, untilMs: timeframe.closeOf(opens.at(-1)!) };
  const quarterMs = (timeframe.closeOf(START_MS) - START_MS) / 4;
  const readAtMs = START_MS + readAfter * quarterMs;
  // Only some timeframes have a source in the model; the others are never folded.
  const isFoldable = foldSourcesOf(timeframe).length > 0;
  const provenance = step.provenance === 'fold' && !isFoldable ? 'native' : step.provenance;
  const page = await pageOf(store, { series, rows, covered, readAtMs, provenance });
  const basis = page.basis.map(({ timeframe: { code } }) => code);
  const moves = new Map(basis.map((code) => [code, model.moves.get(code) ?? 0]));
  return { page, moves, dueAt: now + delay };
}

async function outcomeOf(
  saving: Promise<SavedPage>,
): Promise<'stale' | Pick<SavedPage, 'inserted' | 'corrections'>> {
  try {
    const { inserted, corrections } = await saving;
    return { inserted, corrections };
  } catch (error) {
    if (error instanceof StaleBasis) return 'stale';
    throw error;
  }
}

/** Rows, coverage, and that a revision rose exactly when the model moved. */
async function compare(store: CandleStore, series: Series, model: SlotModel): Promise<void> {
  for (const code of MODEL_TIMEFRAMES) {
    const known = await readAll(store, inTimeframe(series, code));
    expect(known.rows).toEqual(model.rows(code).reverse());
    expect(known.coverage.ranges).toEqual(model.coverage(code).ranges);
    expect(model.agreesOn(code, known.revision)).toBe(true);
  }
}
