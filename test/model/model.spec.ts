import { SystemClock } from '@candlekeep/clock';
import { modelLength } from '../support/model-length';
import { askWithClockAhead } from './clock-ahead';
import { FlatteringWindow, ForgetfulStore, TimelessWindow } from './faulty-tiers';
import { corrections, moves, repetitions } from './moves';
import { play } from './play';
import { RunCounts } from './run-counts';
import type { Faults } from './run-start';
import { Tiers } from './tiers';

const { seed: firstSeed, minutes, path } = modelLength();
const MINUTE_MS = 60_000;
const clock = new SystemClock();
/** Of `npm test`: about half a minute. */
const SHORT = { runs: 28, moves: 250 };
/** Of a soak: worlds are dear to make, so many runs share theirs; a busy machine takes 20 minutes for so many. A path leads to the same run in both. */
const BATCH = { ...SHORT, runs: 200 };
/** The last batch ends after the time is over, and what it finds is made shorter. */
const LAST_BATCH_MINUTES = 40;

/** Half a minute of a busy machine; more on one that does other things besides. */
const LONGEST_SEARCH_MS = 5 * MINUTE_MS;
/** Every fault is found within so many runs. */
const RUNS_TO_FIND = 60;
const FOUND = /the exchange showed|rows are missing|went back|older than the caller/;

describe(`the real stack against the model, seed ${firstSeed}`, () => {
  let tiers: Tiers;

  beforeAll(async () => {
    tiers = await Tiers.open();
  });
  afterAll(async () => {
    await tiers.close();
  });

  const playOnce = async (seed: number, length: typeof SHORT): Promise<void> => {
    const counts = new RunCounts();
    const one = path === undefined ? {} : { path };
    const { report } = await play({ tiers, counts, seed, ...length, ...one });
    process.stdout.write(`model, seed ${seed}: ${String(counts)}\n`);
    expect(report).toBeUndefined();
  };

  it(
    'answers nothing but what the exchange has shown, whatever comes between',
    async () => {
      const untilMs = clock.monotonicMs() + (minutes ?? 0) * MINUTE_MS;
      const length = minutes === undefined && path === undefined ? SHORT : BATCH;
      let seed = firstSeed;
      do {
        await playOnce(seed, length);
        seed += 1;
      } while (path === undefined && clock.monotonicMs() < untilMs);
    },
    ((minutes ?? 0) + LAST_BATCH_MINUTES) * MINUTE_MS,
  );

  it('does not go back to an older sight where a gateway’s clock is minutes ahead', async () => {
    await expect(askWithClockAhead(tiers)).resolves.toBeUndefined();
  });

  it.each<[fault: string, faults: Faults, kinds: typeof moves]>([
    ['a head that is called younger than it is', { window: (w) => new FlatteringWindow(w) }, moves],
    ['a stored row that is lost', { store: (s) => new ForgetfulStore(s) }, moves],
    ['changes of L1 that gateways do not hear', { areGatewaysDeaf: true }, repetitions],
    ['corrected rows that stay', { window: (w) => new TimelessWindow(w) }, corrections],
  ])(
    'is caught with %s',
    async (fault, faults, kinds) => {
      const counts = new RunCounts();
      const how = { seed: 1, runs: RUNS_TO_FIND, moves: 200, kinds, endOnFailure: true };
      const { report } = await play({ tiers, counts, ...how, faults });
      process.stdout.write(`model, ${fault}: found after ${counts.steps} steps\n`);
      expect(report).toMatch(FOUND);
    },
    LONGEST_SEARCH_MS,
  );
});
