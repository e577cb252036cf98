import { table } from '../live-day/day-report';
import { liveVariant } from './live-replay';
import { find, LENGTH, MOST_WAIT_MS, playEach, print, followedVariantsOf } from './proof';
import { type Played } from './proof-report';
import { figuresOf } from './replay-tally';
import { followedWork } from './works';

const { hours, seed } = LENGTH;
const isDay = hours >= 24;
/** Of all timeframes together, a followed market and a day. */
const MOST_CALLS = 15;

describe('preloading where the stream is followed', () => {
  it.each([followedWork(1, hours, seed), followedWork(10, hours, seed)])(
    'leaves every answer true, and nobody waits: $name',
    async (work) => {
      const played = await playEach(work, followedVariantsOf(work), (variant) =>
        liveVariant(work, variant, seed),
      );
      printCalls(played, work.followed.length);
      if (!isDay) return;
      const { answers, calls } = find(played, 'strategies + learning');
      const { l1, l2OfRest, p99Ms } = figuresOf(answers);
      expect(l1).toBeGreaterThanOrEqual(0.99);
      expect(l2OfRest).toBeGreaterThanOrEqual(0.95);
      expect(calls.length / work.followed.length).toBeLessThanOrEqual(MOST_CALLS);
      expect(p99Ms).toBeLessThanOrEqual(5);
    },
    MOST_WAIT_MS,
  );
});

function printCalls(played: readonly Played[], markets: number): void {
  const lanes = [...new Set(played.flatMap(({ house }) => house.calls.map(({ lane }) => lane)))];
  const mean = (calls: number): string => (calls / markets).toFixed(1);
  print(
    table([
      ['calls a market', ...lanes, 'all'],
      ...played.map(({ name, house: { calls } }) => [
        name,
        ...lanes.map((lane) => mean(calls.filter((call) => call.lane === lane).length)),
        mean(calls.length),
      ]),
    ]),
  );
}
