import { AppProcess, waitFor } from '../support/app-process';
import { FuzzCampaign, type FuzzReport } from '../support/fuzz/fuzz-campaign';
import { fuzzRequests, fuzzSeed } from '../support/fuzz/fuzz-run';
import { readVitals, type Vitals } from '../support/fuzz/vitals';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

/** `npm run fuzz -- --seed … --requests …` sets these; a short run with a new seed is part of `npm test`. */
const SEED = fuzzSeed();
const REQUESTS = fuzzRequests();
const MEGABYTE = 1_024 * 1_024;
/** What memory may still grow by, from the second quarter of a run to its last: a heap breathes. */
const BREATH_BYTES = 48 * MEGABYTE;
/** Connections that come and go with the work: of pools to Redis and Postgres, of questions under way. */
const SPARE_SOCKETS = 12;

describe(`a flood with seed ${SEED}`, () => {
  let house: House;
  let report: FuzzReport;
  let before: Vitals | undefined;
  const vitals: Vitals[] = [];

  beforeAll(
    async () => {
      house = await House.start({
        ...{ redisDatabase: redisDatabases.fuzz, lives: 1 },
        // Little to fill, so that what grows on is something else; who keeps what it need not ends.
        environment: {
          L0_MAX_BYTES: String(4 * MEGABYTE),
          NODE_OPTIONS: '--max-old-space-size=144 --max-semi-space-size=8',
        },
      });
      const gateway = house.gateways[0]!;
      await waitFor(async () => {
        expect((await house.ask('/api/live')).status).toBe(200);
      });
      before = readVitals(gateway.pid);
      const campaign = new FuzzCampaign({
        ...{ url: gateway.url(), seed: SEED, requests: REQUESTS },
        between: () => {
          vitals.push(...[readVitals(gateway.pid)].filter((found) => found !== undefined));
        },
      });
      report = await campaign.run();
    },
    60_000 + REQUESTS * 100,
  );
  afterAll(async () => {
    await house.close();
  });

  it(`is met with an answer that names what is wrong, ${REQUESTS} times`, () => {
    const memory = vitals.map(({ rssBytes }) => Math.round(rssBytes / MEGABYTE));
    const figures = `statuses ${JSON.stringify(report.statuses)}, memory ${memory.join(' ')} MB`;
    process.stdout.write(`fuzz: seed ${SEED}, ${report.asked} requests, ${figures}\n`);
    expect(report.findings).toEqual([]);
    expect(report.asked).toBeGreaterThanOrEqual(REQUESTS);
  });

  it('leaves every process alive, without a failure in its log', async () => {
    for (const app of [...house.gateways, ...house.workers, ...house.lives]) {
      expect([app.app, app.hasEnded, failuresOf(app)]).toEqual([app.app, false, []]);
    }
    expect((await house.ask('/health/ready')).status).toBe(200);
  });

  it('does not keep good requests waiting', () => {
    const sorted = [...report.goodMs].sort((one, other) => one - other);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
    process.stdout.write(`fuzz: ${sorted.length} good requests, median ${median.toFixed(1)} ms\n`);
    expect(median).toBeLessThan(1_000);
    expect(sorted.at(-1)).toBeLessThan(10_000);
  });

  it('leaves no socket open and no memory taken', async () => {
    const gateway = house.gateways[0]!;
    await waitFor(() => {
      const now = readVitals(gateway.pid);
      expect(now?.sockets ?? 0).toBeLessThanOrEqual((before?.sockets ?? 0) + SPARE_SOCKETS);
    });
    expect(growthBytes(vitals)).toBeLessThan(BREATH_BYTES);
  });
});

/** Of the mean of the second quarter to that of the last. */
function growthBytes(vitals: readonly Vitals[]): number {
  const quarter = Math.floor(vitals.length / 4);
  if (quarter === 0) return 0;
  const mean = (some: readonly Vitals[]): number =>
    some.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / some.length;
  return mean(vitals.slice(-quarter)) - mean(vitals.slice(quarter, 2 * quarter));
}

/** A refused request is no failure, and a warning is none yet; a leak of listeners is told on stderr. */
function failuresOf({ log }: AppProcess): readonly string[] {
  const failure = /"level":"(?:error|fatal)"|Warning: |UnhandledPromise/;
  return log
    .split('\n')
    .filter((line) => failure.test(line))
    .slice(0, 5);
}
