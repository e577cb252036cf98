import { SystemClock } from '@candlekeep/clock';
import { EpisodeStage } from '../support/limiter/episode';
import { isFullSize, proofSize } from '../support/limiter/proof-size';
import { redisDatabases } from '../support/redis-databases';

const clock = new SystemClock();
const WORKERS = proofSize({ short: 2, full: 8 });
const BLOCK_MS = 3_000;
const OUTAGE_MS = proofSize({ short: 8_000, full: 60_000 });
const WITHIN_MS = proofSize({ short: 60_000, full: 200_000 });
const STATED = { name: 'a block (418) of 3 s, as it states', form: 'header' };
/** The limiter waits a minute when it does not know better. */
const UNSTATED = { name: 'a block (418) of 3 s, which it does not state', form: 'unstated' };
const BLOCKS = isFullSize() ? [UNSTATED, STATED] : [STATED];

describe('after the exchange has refused, blocked, or not answered', () => {
  let stage: EpisodeStage;

  beforeAll(async () => {
    stage = await EpisodeStage.open({
      redisDatabase: redisDatabases.limiterEpisodes,
      workers: WORKERS,
    });
  }, 120_000);
  afterAll(async () => {
    await stage.close();
  });
  afterEach(async () => {
    expect(await stage.violations()).toEqual([]);
  });

  /** A fault that strikes from now on for so long. */
  const play = (name: string, fault: Readonly<Record<string, unknown>>, lastsMs: number) =>
    stage.play({
      name,
      withinMs: WITHIN_MS,
      begin: async ({ house }) => {
        await house.calm();
        await house.disturb({ ...fault, match: { group: 'candles' } });
        return clock.nowMs() + lastsMs;
      },
    });

  it('full speed comes back from one 429', async () => {
    await play('one 429', { kind: 'rate-limited', times: 1 }, 0);
  }, 120_000);

  it.each(BLOCKS)(
    'full speed comes back from $name',
    async ({ name, form }) => {
      await play(name, { kind: 'banned', times: 1, blockMs: BLOCK_MS, form }, BLOCK_MS);
    },
    240_000,
  );

  it('full speed comes back from an exchange that does not answer', async () => {
    await play('no answers', { kind: 'timeout', forMs: OUTAGE_MS }, OUTAGE_MS);
  }, 240_000);
});
