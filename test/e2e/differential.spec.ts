import { SystemClock } from '@candlekeep/clock';
import { compareAll } from '../support/differential';
import { House } from '../support/house';
import { RandomQuestions } from '../support/random-question';
import { runLength, runSeed } from '../support/run-length';
import { SeededRandom } from '../support/seeded-random';
import { redisDatabases } from '../support/redis-databases';

const clock = new SystemClock();
/** `npm run differential -- --seed … --requests …` sets these; a short run with a new seed is part of `npm test`. */
const SEED = runSeed();
const REQUESTS = runLength();
const AT_ONCE = 6;

describe(`a differential run with seed ${SEED}`, () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      redisDatabase: redisDatabases.differential,
      gateways: 2,
      workers: 2,
    });
  });
  afterAll(async () => {
    await house.close();
  });

  it(
    `finds ${REQUESTS} random questions answered as the exchange answers them`,
    async () => {
      const questions = new RandomQuestions(new SeededRandom(SEED), clock.nowMs());
      const results = await compareAll({
        ...{ questions, count: REQUESTS, atOnce: AT_ONCE, nowMs: () => clock.nowMs() },
        ours: (lane) => (path, headers) => house.ask(path, headers, lane % 2),
        theirs: (path) => house.askExchange(path),
      });
      const whole = results.filter(({ extent }) => extent === 'whole').length;
      process.stdout.write(
        `differential: seed ${SEED}, ${results.length} answers, ${whole} compared whole\n`,
      );
      expect(results.filter(({ difference }) => difference !== undefined).slice(0, 5)).toEqual([]);
      expect(whole).toBeGreaterThan(REQUESTS / 2);
    },
    Math.max(120_000, REQUESTS * 1_000),
  );

  it('never made the exchange refuse a call', async () => {
    expect((await house.witness()).rejected).toBe(0);
  });
});
