import fc from 'fast-check';
import { moves } from './moves';
import { Run } from './run';
import type { RunCounts } from './run-counts';
import type { Faults, RunStart } from './run-start';
import type { Tiers } from './tiers';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './world';
import { FIRST_START_MS, LAST_START_MS, worldsOf } from './worlds';

export interface PlayOptions {
  readonly tiers: Tiers;
  readonly counts: RunCounts;
  readonly seed: number;
  readonly runs: number;
  /** Moves of one run, at most. */
  readonly moves: number;
  /** What is played; by default every move. */
  readonly kinds?: typeof moves;
  readonly faults?: Faults;
  /** Fails with the run as it was played, without looking for a shorter one. */
  readonly endOnFailure?: boolean;
  /** Repeats this one run only. */
  readonly path?: string;
}

/** Too little for all series of a run, enough for those that one read needs. */
const SMALL_BYTES = 1_000_000;

/** Timeframes that lean on each other. */
const LADDERS: readonly (readonly string[])[] = [
  ['1m', '1m', '60m', '1d'],
  ['1m', '1m', '5m', '60m'],
  ['1m', '60m', '240m', '1d', '1w'],
  ['1m', '60m', '1d', '1M', '1y'],
  ['1d', '1d', '1w', '1M'],
  ['1s', '1m', '3m'],
  ['1m', '3m', '15m', '30m'],
  ['1s', '1m', '3m', '5m', '15m', '60m', '240m', '1d', '1w', '1M', '1y'],
];

const start = fc.record<RunStart>({
  startMs: fc.oneof(
    fc.integer({ min: FIRST_START_MS, max: LAST_START_MS }),
    // About the end of a day, a week, a year.
    fc
      .record({ day: fc.nat(6), ms: fc.integer({ min: -2 * MINUTE_MS, max: MINUTE_MS }) })
      .map(({ day, ms }) => FIRST_START_MS + day * DAY_MS + ms),
  ),
  market: fc.constantFrom(0, 0, 0, 1, 2),
  codes: fc.constantFrom(...LADDERS),
  cacheOffsetMs: fc.integer({ min: -2_000, max: 2_000 }),
  processOffsetMs: fc.constantFrom(0, 0, -3_000, 3_000, 5 * MINUTE_MS, -9 * HOUR_MS),
  l0MaxBytes: fc.constantFrom(0, 20_000, 10_000_000, 10_000_000),
  size: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ maxRows: 1_000, maxBytes: 100_000_000 }) },
    { weight: 1, arbitrary: fc.constant({ maxRows: 250, maxBytes: 100_000_000 }) },
    { weight: 1, arbitrary: fc.constant({ maxRows: 1_000, maxBytes: SMALL_BYTES }) },
  ),
});

export interface Played {
  /** What failed, with all that is needed to see it again; undefined when nothing did. */
  readonly report: string | undefined;
  readonly runs: number;
}

/** Plays random runs until one fails. */
export async function play(options: PlayOptions): Promise<Played> {
  const { tiers, counts, seed, runs, moves: most, faults, path, endOnFailure = false } = options;
  const { kinds = moves } = options;
  const worlds = worldsOf(seed);
  const parts = { tiers, worlds, counts, ...(faults === undefined ? {} : { faults }) };
  const property = fc.asyncProperty(
    start,
    fc.commands([kinds], { maxCommands: most, size: 'max' }),
    async (begin, chosen) => {
      await tiers.empty();
      const run = new Run(parts, begin);
      counts.runs += 1;
      await fc.asyncModelRun(() => ({ model: { run }, real: run }), chosen);
      await run.drain();
    },
  );
  const repeat = path === undefined ? {} : { path };
  const details = await fc.check(property, { seed, numRuns: runs, endOnFailure, ...repeat });
  const { failed, errorInstance, numRuns } = details;
  if (!failed) return { report: undefined, runs: numRuns };
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { report: `${fc.defaultReportMessage(details) ?? ''}\n${reason}`, runs: numRuns };
}
