import { LENGTH, MOST_WAIT_MS, play, variantsOf } from './proof';
import { ReplayBench } from './replay-bench';
import { chartsWork, demoWork, positionsWork } from './works';

const { hours, seed, tiers } = LENGTH;

describe('preloading where nothing is followed', () => {
  let bench: ReplayBench;
  beforeAll(async () => {
    bench = await ReplayBench.open(tiers);
  });
  afterAll(async () => {
    await bench.close();
  });

  it.each([
    positionsWork(1, hours, seed),
    positionsWork(10, hours, seed),
    chartsWork(hours, seed),
    demoWork(hours, seed),
  ])(
    'leaves every answer true: $name',
    async (work) => {
      const played = await play(work, variantsOf(work), bench);
      for (const { house } of played) expect(house.answers).toHaveLength(work.questions.length);
    },
    MOST_WAIT_MS,
  );
});
