import { table } from '../live-day/day-report';
import { DAY_MS } from './habits';
import { type LiveWork, liveVariant } from './live-replay';
import type { ReplayCall } from './paced-exchange';
import { find, LENGTH, MOST_WAIT_MS, playEach, print, followedVariantsOf } from './proof';
import { type Played } from './proof-report';
import { figuresOf } from './replay-tally';
import { followedWork } from './works';

const { hours, seed } = LENGTH;
const isDay = hours >= 24;
/** Of all timeframes together, a followed market and a day; what activation brought before the first question is told apart. */
const MOST_CALLS = 15;
/** From L0/L1; of the rest from L2. One market leaves a handful of questions to the rest: so both count together, and leave one in 2,000 to the exchange. */
const LEAST_L1 = 0.99;
const LEAST_L2_OF_REST = 0.95;

describe('preloading where the stream is followed', () => {
  it.each([followedWork(1, hours, seed), followedWork(10, hours, seed)])(
    'leaves every answer true, and nobody waits: $name',
    async (work) => {
      const played = await playEach(work, followedVariantsOf(work), (variant) =>
        liveVariant(work, variant, seed),
      );
      printCalls(played, work);
      if (!isDay) return;
      const { answers, calls } = find(played, 'strategies + learning');
      const { l1, l2OfRest, p99Ms } = figuresOf(answers);
      expect(l1).toBeGreaterThanOrEqual(LEAST_L1);
      expect((1 - l1) * (1 - l2OfRest)).toBeLessThanOrEqual(
        (1 - LEAST_L1) * (1 - LEAST_L2_OF_REST),
      );
      const later = calls.filter(({ sentMs }) => sentMs >= work.span.fromMs);
      const days = (work.followed.length * hours) / 24;
      expect(later.length / days).toBeLessThanOrEqual(MOST_CALLS);
      expect(p99Ms).toBeLessThanOrEqual(5);
    },
    MOST_WAIT_MS,
  );
});

/** By lane; before the first question, and day by day after it. */
function printCalls(played: readonly Played[], { followed, span }: LiveWork): void {
  const lanes = [...new Set(played.flatMap(({ house }) => house.calls.map(({ lane }) => lane)))];
  const days = Array.from({ length: Math.ceil(hours / 24) + 1 }, (_, at) => at - 1);
  const titles = days.map((day) => (day < 0 ? 'cold start' : `day ${day + 1}`));
  const dayOf = ({ sentMs }: ReplayCall): number => Math.floor((sentMs - span.fromMs) / DAY_MS);
  const mean = (calls: readonly unknown[]): string => (calls.length / followed.length).toFixed(1);
  print(
    table([
      ['calls a market', ...lanes, 'all', ...titles],
      ...played.map(({ name, house: { calls } }) => [
        name,
        ...lanes.map((lane) => mean(calls.filter((call) => call.lane === lane))),
        mean(calls),
        ...days.map((day) => mean(calls.filter((call) => dayOf(call) === day))),
      ]),
    ]),
  );
}
