import type { Span } from '../economy/calculators';
import { clairvoyant } from './clairvoyant';
import { habitsWork, STEADY_DAYS } from './habits';
import { knowsHabits } from './known-habits';
import { find, LENGTH, MOST_WAIT_MS, P99_MS, play, print, variantsOf } from './proof';
import { type Counts, type Gap, gapsByDay, gapTable, type Played } from './proof-report';
import { ReplayBench } from './replay-bench';

const { days, seed, tiers } = LENGTH;
/** From there on targets are held: habits have changed, and have been learned again. */
const isFull = days >= 8;
const OWN = 'strategies + learning';
const OF_HABITS = 'clairvoyant of habits';
const KNOWING = 'knows every habit';
const LEAST_CLOSED = 0.8;
const MOST_WASTED = 0.1;
const RELEARNED_DAYS = 2;
/** A day counts as well known when it is no further below the last one before the change. */
const LEEWAY = 0.03;

const isAny: Counts = () => true;
const isHabit: Counts = ({ habit }) => habit !== 'noise';
const isDrifting: Counts = ({ habit }) => habit === 'drifting';

const KINDS = ['daily', 'hourly', 'quarter', 'paced', 'sequence'];
const isOf =
  (kind: string): Counts =>
  (question) =>
    isHabit(question) && question.caller.startsWith(kind);

describe('preloading for callers with hidden habits', () => {
  let bench: ReplayBench;
  beforeAll(async () => {
    bench = await ReplayBench.open(tiers);
  });
  afterAll(async () => {
    await bench.close();
  });

  it.each([habitsWork(days, seed)])(
    'leaves every answer true, and closes most of what can be closed: $name',
    async (work) => {
      const known = work.questions.filter(isHabit);
      const ofHabits = clairvoyant(OF_HABITS, known, P99_MS);
      const knowing = knowsHabits(KNOWING, work.expectations);
      const played = await play(work, [...variantsOf(work), knowing, ofHabits], bench);
      printGaps(played, work.span);
      if (isFull) expectTargets(played, work.span);
    },
    MOST_WAIT_MS,
  );
});

function printGaps(played: readonly Played[], span: Span): void {
  const closed = (name: string, counts: Counts, most: string): { name: string; gaps: Gap[] } => ({
    name,
    gaps: gapsOf(played, { counts, most }, span),
  });
  const byKnowing: readonly Played[] = played.map(({ name, house }) =>
    name === KNOWING ? { name: OWN, house } : { name: name === OWN ? '' : name, house },
  );
  print(
    gapTable(`${KNOWING}: closed of the gap, % (wait / hits)`, [
      {
        name: 'all questions, to the clairvoyant',
        gaps: gapsOf(byKnowing, { counts: isAny, most: 'clairvoyant' }, span),
      },
      {
        name: 'all questions, to the clairvoyant of habits',
        gaps: gapsOf(byKnowing, { counts: isAny, most: OF_HABITS }, span),
      },
      ...KINDS.map((kind) => ({
        name: `of them ${kind}`,
        gaps: gapsOf(byKnowing, { counts: isOf(kind), most: OF_HABITS }, span),
      })),
    ]),
  );
  print(
    gapTable(`${OWN}: closed of the gap, % (wait / hits)`, [
      closed('all questions, to the clairvoyant', isAny, 'clairvoyant'),
      closed('all questions, to the clairvoyant of habits', isAny, OF_HABITS),
      closed('habits alone', isHabit, OF_HABITS),
      ...KINDS.map((kind) => closed(`of them ${kind}`, isOf(kind), OF_HABITS)),
      closed(`habits that change after day ${STEADY_DAYS}`, isDrifting, OF_HABITS),
    ]),
  );
}

/** What the learner closes, day by day and in all. */
function gapsOf(
  played: readonly Played[],
  { counts, most }: { readonly counts: Counts; readonly most: string },
  span: Span,
): Gap[] {
  const answers = (name: string) => find(played, name).answers;
  const all = { own: answers(OWN), none: answers('none'), most: answers(most) };
  return gapsByDay(all, span, counts);
}

function expectTargets(played: readonly Played[], span: Span): void {
  const closed = gapsOf(played, { counts: isAny, most: OF_HABITS }, span).at(-1);
  expect(closed?.wait).toBeGreaterThanOrEqual(LEAST_CLOSED);
  const { claims } = find(played, OWN);
  expect(claims.wasted / claims.made).toBeLessThanOrEqual(MOST_WASTED);
  const drifting = gapsOf(played, { counts: isDrifting, most: OF_HABITS }, span);
  const before = drifting[STEADY_DAYS - 1]?.wait ?? 0;
  const after = drifting.slice(STEADY_DAYS, -1);
  const relearned = after.findIndex(({ wait }) => wait >= before - LEEWAY);
  expect(relearned).toBeGreaterThanOrEqual(0);
  expect(relearned).toBeLessThanOrEqual(RELEARNED_DAYS);
}
