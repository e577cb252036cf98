// What queue, limiter, worker and both tiers add to a call of the exchange when nobody else waits.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startBenchHouse } from '../bench-house.mjs';
import { quantile, table } from '../figures.mjs';
import { closedPage } from './questions.mjs';

export const title = 'Misses: 200 rows that nobody has, an exchange without latency, one caller';

const MISSES_A_ROUND = 10;
/** Keeps both callers together well below ten calls a second, so that nobody waits for a permit. */
const PAUSE_MS = 300;
const MINUTES_A_DAY = 1_440;

export async function run({ rounds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  const client = new pg.Client({ connectionString: house.env.DATABASE_URL });
  try {
    const [gateway] = house.gateways;
    await client.connect();
    await client.query('CREATE TABLE bench_commits (at timestamptz)');
    await get(`${gateway.url}/v1/market/all`);
    const measured = [];
    let calls = 0;
    for (let miss = 0; miss < (rounds + 1) * MISSES_A_ROUND; miss += 1) {
      const question = closedPage((miss + 2) * MINUTES_A_DAY);
      const before = await house.calls();
      const ours = await timeOf(() => get(gateway.url + question));
      const made = (await house.calls()) - before;
      await pause(PAUSE_MS);
      const direct = await timeOf(() => get(house.exchangeUrl + question));
      const commit = await timeOf(() => client.query('INSERT INTO bench_commits VALUES (now())'));
      await pause(PAUSE_MS);
      if (miss < MISSES_A_ROUND) continue;
      measured.push({ ours, direct, commit, added: ours - direct });
      calls += made;
    }
    return report(measured, calls);
  } finally {
    await client.end();
    await house.close();
  }
}

async function get(url) {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${body}`);
}

async function timeOf(work) {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function report(measured, calls) {
  const row = (name, who) => {
    const times = measured.map((miss) => miss[who]);
    return [name, quantile(times, 0.5).toFixed(2), quantile(times, 0.99).toFixed(2)];
  };
  const added = quantile(
    measured.map((miss) => miss.added),
    0.5,
  );
  return {
    text: `${table([
      [`${measured.length} misses, ${calls} calls`, 'p50 ms', 'p99 ms'],
      row('the exchange itself', 'direct'),
      row('one durable commit of Postgres', 'commit'),
      row('gateway, queue, worker, exchange', 'ours'),
      row('added', 'added'),
    ])}`,
    targets: [{ name: 'miss, added p50 ms', value: added, atMost: 8 }],
  };
}
