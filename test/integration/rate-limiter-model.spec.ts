import { SystemClock } from '@candlekeep/clock';
import fc from 'fast-check';
import {
  LimiterWorld,
  type Mishap,
  mostInAnyWindow,
  type PlannedCall,
  REPLY_MS,
  type Sent,
  START_MS,
} from '../support/limiter-world';
import { TestRedis } from '../support/redis';

const clock = new SystemClock();
const WINDOW_MS = 1_000;
const LIMIT = 10;
const RUNS = 12;

const ending = fc.constantFrom<PlannedCall['ending'][]>(
  'answered',
  'answered',
  'answered',
  'answered',
  'answered',
  'answered',
  'failed',
  'unused',
  'timed-out',
  'rate-limited',
  'dies',
);
const call = fc.record<PlannedCall>({
  fromMs: fc.integer({ min: 0, max: 3_000 }),
  rank: fc.integer({ min: 0, max: 7 }),
  thereMs: fc.integer({ min: 0, max: 600 }),
  backMs: fc.integer({ min: 0, max: 600 }),
  ending,
});
const calls = fc.array(call, { minLength: 20, maxLength: 60 });
const mishaps = fc.array(
  fc.record<Mishap>({
    atMs: fc.integer({ min: 0, max: 8_000 }),
    part: fc.constantFrom('slots', 'sent', 'waiting', 'patience', 'state', 'circuit'),
  }),
  { maxLength: 4 },
);

describe('the limiter’s scripts against a model of the exchange, in virtual time', () => {
  const servers = new TestRedis();
  const redis = servers.queue();
  let world: LimiterWorld;

  beforeEach(() => {
    world = newWorld();
  });

  afterEach(async () => {
    await world.forget();
  });

  afterAll(() => {
    servers.close();
  });

  it('let no window hold more than the limit, however calls end, and all are sent', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (planned) => {
        await inNewWorld(async () => {
          await world.play(planned);
          expectObeyed();
          const sendable = planned.filter((one) => one.ending !== 'unused');
          expect(world.sent).toHaveLength(sendable.length);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('nor when parts of the memory are lost on the way', async () => {
    await fc.assert(
      fc.asyncProperty(calls, mishaps, async (planned, lost) => {
        // A call whose holder dies is known to nobody once the memory is lost with it.
        const alive = planned.filter((one) => one.ending !== 'dies');
        await inNewWorld(async () => {
          await world.play(alive, lost);
          expectObeyed();
          expect(world.sent.length).toBe(alive.filter((one) => one.ending !== 'unused').length);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('use all of the budget that the ways leave, when there is work', async () => {
    const backs = [2, 2, 3, 4, 5, 6, 8, 11, 15, 20, 26, 60];
    const planned = Array.from({ length: 200 }, (_, index): PlannedCall => {
      const backMs = backs[(index * 7) % backs.length] ?? 0;
      return { fromMs: 0, rank: 7, thereMs: 4, backMs, ending: 'answered' };
    });
    await world.play(planned);
    expectObeyed();
    const stamps = world.sent.map(({ arrivedMs }) => arrivedMs);
    const perSecond = (199 / (Math.max(...stamps) - Math.min(...stamps))) * 1_000;
    expect(perSecond).toBeGreaterThan(9.5);
  });

  it('let a bot wait for one slot at most while thousands of less urgent calls wait', async () => {
    const flood = Array.from({ length: 150 }, (_, index): PlannedCall => {
      return { fromMs: 0, rank: 4 + (index % 4), thereMs: 6, backMs: 7, ending: 'answered' };
    });
    const bots = [1_600, 2_430, 3_870, 5_555, 7_040].map((fromMs): PlannedCall => {
      return { fromMs, rank: 0, thereMs: 6, backMs: 7, ending: 'answered' };
    });
    await world.play([...flood, ...bots]);
    expectObeyed();
    const ofBots = world.sent.filter(({ call: { rank } }) => rank === 0);
    expect(ofBots).toHaveLength(bots.length);
    for (const bot of ofBots) {
      const between = world.sent.filter(({ sentMs }) => {
        return sentMs > bot.sentMs - waitOf(bot) + REPLY_MS && sentMs < bot.sentMs;
      });
      expect(between.length).toBeLessThanOrEqual(1);
      expect(waitOf(bot)).toBeLessThan(300);
    }
  });

  it('pass the less urgent over, yet not for ever', async () => {
    const bots = Array.from({ length: 120 }, (): PlannedCall => {
      return { fromMs: 0, rank: 0, thereMs: 6, backMs: 7, ending: 'answered' };
    });
    const late = { fromMs: 10, rank: 7, thereMs: 6, backMs: 7, ending: 'answered' as const };
    await world.play([...bots, late]);
    const order = world.sent.toSorted((a, b) => a.sentMs - b.sentMs);
    const place = order.findIndex(({ call: { rank } }) => rank === 7);
    expect(place).toBeGreaterThanOrEqual(15);
    expect(place).toBeLessThanOrEqual(40);
  });

  it('serve the most urgent first, and within a lane whoever came first', async () => {
    const planned = Array.from({ length: 40 }, (_, index): PlannedCall => {
      return { fromMs: index, rank: index % 4, thereMs: 6, backMs: 7, ending: 'answered' };
    });
    await world.play(planned);
    const order = world.sent.slice(12).map(({ call: one }) => one);
    const trickles = order.filter((one, index) => index > 0 && one.rank < order[index - 1]!.rank);
    expect(trickles.length).toBeLessThanOrEqual(2);
    for (const rank of [0, 1, 2, 3]) {
      const came = order.filter((one) => one.rank === rank).map(({ fromMs }) => fromMs);
      expect(came).toEqual(came.toSorted((a, b) => a - b));
    }
  });

  function newWorld(): LimiterWorld {
    return new LimiterWorld(redis, { egressId: `model-${clock.token()}`, group: 'candles' });
  }

  async function inNewWorld(play: () => Promise<void>): Promise<void> {
    world = newWorld();
    await play();
    await world.forget();
  }

  function expectObeyed(): void {
    const stamps = world.sent.map(({ arrivedMs }) => arrivedMs);
    expect(mostInAnyWindow(stamps, WINDOW_MS)).toBeLessThanOrEqual(LIMIT);
  }
});

function waitOf({ sentMs, call: { fromMs } }: Sent): number {
  return sentMs - START_MS - fromMs;
}
