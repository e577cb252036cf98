// One cold read of rows that only Postgres has, beside the statement that a hand would write for them.
import pg from 'pg';
import { startBenchHouse } from '../bench-house.mjs';
import { quantile, table, timesOf } from '../figures.mjs';
import { sourcesOf } from './contest-table.mjs';
import { load } from './load.mjs';
import { LATEST, minuteOf, minuteText } from './questions.mjs';
import { referencePath } from './sample.mjs';

export const title = 'L2: 200 rows out of Postgres, one caller';

const READS_A_ROUND = 200;
const ROWS_BROUGHT = 190;
/** L1 keeps the newest 1,000 rows of a series. */
const KEPT_IN_L1 = 1_000;
const TEXT = `SELECT open_time, open, high, low, close, volume, turnover, last_tick_ms FROM candles
               WHERE market = $1 AND timeframe = $2 AND open_time < $3
               ORDER BY open_time DESC LIMIT 200`;

export async function run({ rounds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  const client = new pg.Client({ connectionString: house.env.DATABASE_URL });
  try {
    const [gateway] = house.gateways;
    await client.connect();
    const { DATABASE_URL } = house.env;
    const fastify = await house.start(referencePath('fastify-sql'), {
      DATABASE_URL,
      STATEMENT: TEXT,
    });
    const reads = (rounds + 1) * READS_A_ROUND;
    await bring(gateway, KEPT_IN_L1 + reads + 600);
    // Counted from one instant, or the minutes of two rounds would meet when the clock's minute passes.
    const nowMs = Date.now();
    const measured = [];
    for (let round = 0; round <= rounds; round += 1) {
      const firstMinute = KEPT_IN_L1 + 300 + round * READS_A_ROUND;
      measured.push(await measure({ gateway, fastify, client, nowMs, firstMinute }));
    }
    return report(measured.slice(1));
  } finally {
    await client.end();
    await house.close();
  }
}

/** Has the gateway read so many minutes back, so that L2 has them all and L1 the newest; by questions that are not measured. */
async function bring(gateway, minutes) {
  const question = LATEST.replace('count=200', `count=${ROWS_BROUGHT}`);
  for (let ago = 0; ago < minutes; ago += ROWS_BROUGHT) {
    const response = await fetch(`${gateway.url}${question}&to=${minuteText(ago)}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`${question}, ${ago} minutes back: ${body}`);
  }
}

async function measure({ gateway, fastify, client, nowMs, firstMinute }) {
  const minutes = Array.from({ length: READS_A_ROUND }, (_, index) => firstMinute + index);
  const bare = await timesOf(READS_A_ROUND, (index) =>
    client.query({
      name: 'bench',
      text: TEXT,
      values: ['KRW-BTC', '1m', minuteOf(minutes[index], nowMs)],
    }),
  );
  const paths = minutes.map((ago) => `${LATEST}&to=${minuteText(ago, nowMs)}`);
  const order = { paths, connections: 1, amount: READS_A_ROUND };
  const shortest = await load(fastify, order);
  const ours = await load(gateway, order);
  return { bare: { p50Ms: quantile(bare, 0.5), p99Ms: quantile(bare, 0.99) }, shortest, ours };
}

function report(measured) {
  const median = (figure) => quantile(measured.map(figure), 0.5);
  const ratioOf = (who) => median((round) => round[who].p50Ms / round.bare.p50Ms);
  const row = (name, who) => [
    name,
    median((round) => round[who].p50Ms).toFixed(2),
    median((round) => round[who].p99Ms).toFixed(2),
    ratioOf(who).toFixed(2),
    who === 'bare' ? '' : mean(measured.map((round) => round[who].cpuUs)).toFixed(0),
  ];
  const sources = sourcesOf({ rounds: measured.map(({ ours }) => ours) });
  return {
    text: `${table([
      ['each page once, one after the other', 'p50 ms', 'p99 ms', 'p50, ratio', 'CPU µs each'],
      row('prepared SELECT of the same rows, node pg', 'bare'),
      row('the same statement behind Fastify', 'shortest'),
      row('gateway', 'ours'),
    ])}\n\nlast round: ${sources}`,
    targets: [{ name: 'L2, p50', value: ratioOf('ours'), atMost: 1.5 }],
  };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
