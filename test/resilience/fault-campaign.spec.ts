import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { compareAll, type Comparison } from '../support/differential';
import { House } from '../support/house';
import { RandomQuestions } from '../support/random-question';
import { runSeed } from '../support/run-length';
import { SeededRandom } from '../support/seeded-random';
import { redisDatabases } from '../support/redis-databases';

const clock = new SystemClock();
const SEED = runSeed();
const QUESTIONS = 12;
const AT_ONCE = 6;
/** As the exchange states it. */
const BLOCK_MS = 3_000;
/** Kinds of faults, with the share of calls that they strike: high where a struck call is over at once. */
const FAULTS: readonly (readonly [kind: string, probability: number])[] = [
  ['status-500', 0.5],
  ['status-502', 0.5],
  ['status-503', 0.5],
  ['status-504', 0.5],
  ['timeout', 0.2],
  ['reset', 0.5],
  ['truncated-body', 0.5],
  ['truncated-gzip', 0.5],
  ['slow-body', 0.2],
  ['garbage-json', 0.5],
  ['html-200', 0.5],
  ['empty-list', 0.6],
  ['missing-field', 0.5],
  ['nan-text', 0.5],
  ['rows-out-of-order', 0.5],
  ['foreign-row', 0.5],
  ['duplicate-row', 0.5],
  ['off-grid-row', 0.5],
  ['low-above-high', 0.5],
  ['future-row', 0.5],
  ['no-date', 0.5],
  ['skewed-date', 0.7],
];

describe(`a campaign of faults with seed ${SEED}`, () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      redisDatabase: redisDatabases.faultCampaign,
      gateways: 2,
      workers: 2,
      withTruth: true,
    });
  });
  afterAll(async () => {
    await house.close();
  });

  const ask = (questions: RandomQuestions, count: number): Promise<Comparison[]> =>
    compareAll({
      ...{ questions, count, atOnce: AT_ONCE, nowMs: () => clock.nowMs() },
      ours: (lane) => (path, headers) => house.ask(path, headers, lane % 2),
      theirs: (path) => house.askExchange(path),
    });
  /** An honest "not now" is no wrong answer. */
  const wrong = (results: readonly Comparison[]): Comparison[] =>
    results.filter(({ difference, status }) => difference !== undefined && status < 500);

  it.each(FAULTS)('%s never yields a wrong or silently short answer', async (kind, probability) => {
    const questions = new RandomQuestions(
      new SeededRandom(SEED + kind.length * 31 + kind.charCodeAt(0)),
      clock.nowMs(),
    );
    await house.disturb({ kind, probability, seed: `${SEED}`, match: { group: 'candles' } });
    const results = await ask(questions, QUESTIONS);
    await house.calm();
    expect(wrong(results)).toEqual([]);
  });

  it.each([
    ['rate-limited', {}],
    ['banned', { blockMs: BLOCK_MS }],
  ])('a %s episode is waited out, and answers are right after it', async (kind, options) => {
    const questions = new RandomQuestions(new SeededRandom(SEED + kind.length), clock.nowMs());
    await house.disturb({ kind, times: 2, ...options, match: { group: 'candles' } });
    expect(wrong(await ask(questions, 6))).toEqual([]);
    await house.calm();
  });

  it('leaves nothing wrong behind, and everything answered, when all is well again', async () => {
    await waitFor(async () => {
      const probe = await house.ask('/v1/candles/years?market=KRW-ETH', {
        'cache-control': 'no-cache',
      });
      expect(probe.status).toBe(200);
    }, 100_000);
    const questions = new RandomQuestions(new SeededRandom(SEED), clock.nowMs());
    const results = await ask(questions, 40);
    expect(wrong(results)).toEqual([]);
    expect(results.filter(({ status }) => status >= 500)).toEqual([]);
  }, 180_000);
});
