// Answers that Redis has, by a gateway without pages of its own in memory.
import { Redis } from 'ioredis';
import { startBenchHouse } from '../bench-house.mjs';
import { contest, medianRatio } from './contest.mjs';
import { contestTable, cpuUs, perSecond, sourcesOf } from './contest-table.mjs';
import { closedPage } from './questions.mjs';
import { referencePath, sampleOf } from './sample.mjs';

export const title = 'L1: 200 rows out of Redis, L0 off, 32 keep-alive connections';

/** Pages that end at as many different minutes: no two connections ask the same at a time, so nothing can be shared. */
const PAGES = 200;
const NEWEST_PAGE_AGO = 20;
const CONNECTIONS = 32;

export async function run({ rounds, seconds, gatewayFlags }) {
  const house = await startBenchHouse({
    latencyMs: 0,
    gatewayFlags,
    gatewayEnv: { L0_MAX_BYTES: '0' },
  });
  try {
    const [gateway] = house.gateways;
    const paths = Array.from({ length: PAGES }, (_, index) => closedPage(NEWEST_PAGE_AGO + index));
    const sample = await keepMembers(house.env.REDIS_CACHE_URL, gateway, paths);
    const plain = await startReference(house, sample, '0');
    const tagged = await startReference(house, sample, '1');
    await checkSameBytes(plain, sample, paths[0]);
    const order = { paths, connections: CONNECTIONS };
    const results = await contest(
      [
        { name: 'Fastify + ioredis, sorted set', server: plain, order },
        { name: 'the same with the entity tag (MD5)', server: tagged, order },
        { name: 'gateway', server: gateway, order },
      ],
      { rounds, seconds },
    );
    return report(results, sample.body.length);
  } finally {
    await house.close();
  }
}

/** Puts the pages' rows, each in its own bytes and scored by its open, into one sorted set; resolves to the first page. */
async function keepMembers(url, gateway, paths) {
  const redis = new Redis(url);
  const samples = [];
  for (const path of paths) {
    const sample = await sampleOf(gateway, path);
    samples.push(sample);
    const members = sample.body
      .toString()
      .slice(1, -1)
      .split(/(?<=\}),(?=\{)/);
    const scored = members.flatMap((member) => [openMsOf(member), member]);
    await redis.zadd('bench:KRW-BTC:1', ...scored);
  }
  redis.disconnect();
  return samples[0];
}

function openMsOf(member) {
  return Date.parse(`${/"candle_date_time_utc":"([^"]+)"/.exec(member)[1]}Z`);
}

function startReference(house, { headers: shown }, withTag) {
  const others = { ...shown };
  delete others.etag;
  return house.start(referencePath('fastify-sorted-set'), {
    REDIS_URL: house.env.REDIS_CACHE_URL,
    HEADERS: JSON.stringify(others),
    WITH_TAG: withTag,
  });
}

async function checkSameBytes(reference, sample, path) {
  const { body } = await sampleOf(reference, path);
  if (!body.equals(sample.body))
    throw new Error(`the reference does not give the bytes of ${path}`);
}

function report(results, bytes) {
  const [plain, tagged, ours] = results;
  const target = (name, reference, figure) => ({
    ...{ name: `L1: ${name}`, atLeast: 1 },
    value:
      figure === cpuUs
        ? 1 / medianRatio(ours, reference, cpuUs)
        : medianRatio(ours, reference, figure),
  });
  return {
    text: `${contestTable(`${PAGES} pages of ${bytes} bytes`, results, tagged)}\n\nlast round: ${sourcesOf(ours)}`,
    targets: [
      target('answers a second', tagged, perSecond),
      target('the same by CPU a request', tagged, cpuUs),
      target('answers a second beside the one without a tag', plain, perSecond),
    ],
  };
}
