// Fifty series in one request beside one series in one request, both out of what the gateway knows.
import { startBenchHouse } from '../bench-house.mjs';
import { table } from '../figures.mjs';
import { contest, medianOf, medianRatio } from './contest.mjs';
import { cpuUs, p50Ms, p99Ms } from './contest-table.mjs';
import { keepNewest, listMarkets } from './markets.mjs';

export const title = 'A batch of 50 series beside one, one caller';

/** What a rule of the shortest windows asks for, and a whole page. */
const COUNTS = [10, 200];

export async function run({ rounds, seconds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  try {
    const [withL0] = house.gateways;
    const withoutL0 = await house.open('gateway', { PORT: '0', L0_MAX_BYTES: '0' }, gatewayFlags);
    const gateways = [withL0, withoutL0];
    const markets = await listMarkets({ ...house, gateways });
    const ends = await keepNewest(house, { markets, units: [1], rows: 1_000 });
    const pairs = COUNTS.flatMap((count) => [
      pairOf({ tier: 'L0', server: withL0, markets, count, toMs: ends.get(1) }),
      pairOf({ tier: 'L1', server: withoutL0, markets, count, toMs: ends.get(1) }),
    ]);
    return report(await contest(pairs.flat(), { rounds, seconds }));
  } finally {
    await house.close();
  }
}

function pairOf({ tier, server, markets, count, toMs }) {
  return [
    { name: `${tier}: one series, ${count} rows`, server, order: oneOf(markets[0], count, toMs) },
    {
      name: `${tier}: 50 series, ${count} rows each`,
      server,
      order: batchOf(markets, count, toMs),
    },
  ];
}

function oneOf(market, count, to) {
  const path = `/api/candles?market=${market}&timeframe=1m&count=${count}&to=${to}`;
  return { paths: [path], connections: 1 };
}

function batchOf(markets, count, toMs) {
  const to = new Date(toMs).toISOString();
  const requests = markets.map((market) => ({ market, timeframe: '1m', count, to }));
  return {
    paths: ['/api/candles/batch'],
    body: JSON.stringify({ requests }),
    connections: 1,
  };
}

function report(results) {
  const pairs = [];
  for (let at = 0; at < results.length; at += 2) pairs.push(results.slice(at, at + 2));
  const row = (result, one) => [
    ...[result.name, medianOf(result, p50Ms).toFixed(2), medianOf(result, p99Ms).toFixed(2)],
    ...[medianOf(result, cpuUs).toFixed(0), medianRatio(result, one, p50Ms).toFixed(2)],
    medianRatio(result, one, cpuUs).toFixed(2),
  ];
  const head = ['one after the other', 'p50 ms', 'p99 ms', 'CPU µs each', 'p50, ratio'];
  return {
    text: table([
      [...head, 'CPU, ratio'],
      ...pairs.flatMap(([one, batch]) => [row(one, one), row(batch, one)]),
    ]),
    targets: pairs.map(([one, batch]) => ({
      ...{ name: `${batch.name}: p50 beside one`, atMost: 3 },
      value: medianRatio(batch, one, p50Ms),
    })),
  };
}
