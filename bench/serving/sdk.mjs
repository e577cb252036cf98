// What the SDK costs its caller beside plain fetch and JSON.parse of the same questions, and what its batching saves.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startBenchHouse } from '../bench-house.mjs';
import { quantile, table, timesOf } from '../figures.mjs';
import { keepNewest, listMarkets } from './markets.mjs';

export const title = 'The SDK beside fetch, 200 rows a call, in the caller’s process';

const CALLS_A_ROUND = 200;
const TICKS_A_ROUND = 10;

export async function run({ rounds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  try {
    const [{ url }] = house.gateways;
    const client = await buildClient(house.folder, url);
    const markets = await listMarkets(house);
    const ends = await keepNewest(house, { markets, units: [1], rows: 1_000 });
    const ways = waysOf({ url, client, markets, toMs: ends.get(1) });
    const measured = ways.map(() => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, way] of ways.entries()) {
        const result = await measure(way);
        if (round > 0) measured[index].push(result);
      }
    }
    client.close();
    return report(ways, measured);
  } finally {
    await house.close();
  }
}

/** The package as it would be published, but for its types, and a client of it. */
async function buildClient(folder, baseUrl) {
  const tsup = path.resolve('node_modules', '.bin', 'tsup');
  const outDir = path.join(folder, 'client');
  const config = path.resolve('libs', 'client', 'tsup.config.ts');
  await promisify(execFile)(tsup, ['--config', config, '--no-dts', '--out-dir', outDir]);
  const { CandlekeepClient } = await import(pathToFileURL(path.join(outDir, 'index.mjs')));
  return new CandlekeepClient({ baseUrl });
}

function waysOf({ url, client, markets, toMs }) {
  const [market] = markets;
  const question = { timeframe: '1m', count: 200, toMs };
  const viaFetch = async (of) => {
    const query = `market=${of}&timeframe=1m&count=200&to=${toMs}`;
    const response = await fetch(`${url}/api/candles?${query}`);
    return JSON.parse(await response.text());
  };
  const viaClient = (of) => client.getCandles({ market: of, ...question });
  const all = (way) => () => Promise.all(markets.map(way));
  const tick = { calls: markets.length, times: TICKS_A_ROUND };
  const single = { calls: 1, times: CALLS_A_ROUND };
  return [
    { name: 'one call: fetch + JSON.parse', ask: () => viaFetch(market), ...single },
    { name: 'one call: SDK', ask: () => viaClient(market), ...single },
    { name: '50 calls of one tick: fetch + JSON.parse', ask: all(viaFetch), ...tick },
    { name: '50 calls of one tick: SDK', ask: all(viaClient), ...tick },
  ];
}

async function measure({ name, ask, calls, times: count }) {
  const pages = [await ask()].flat();
  if (pages.some(({ candles }) => candles?.length !== 200)) {
    throw new Error(`${name}: an answer without 200 candles: ${JSON.stringify(pages[0])}`);
  }
  const before = process.cpuUsage();
  const times = await timesOf(count, ask);
  const { user, system } = process.cpuUsage(before);
  return {
    ...{ p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) },
    cpuUs: (user + system) / count / calls,
  };
}

function report(ways, measured) {
  const median = (results, figure) => quantile(results.map(figure), 0.5);
  const row = (results, index) => {
    const reference = measured[index - (index % 2)];
    const ratio = (figure) =>
      quantile(
        results.map((result, round) => figure(result) / figure(reference[round])),
        0.5,
      ).toFixed(2);
    return [
      ways[index].name,
      median(results, ({ p50Ms }) => p50Ms).toFixed(2),
      median(results, ({ p99Ms }) => p99Ms).toFixed(2),
      median(results, ({ cpuUs }) => cpuUs).toFixed(0),
      ratio(({ p50Ms }) => p50Ms),
      ratio(({ cpuUs }) => cpuUs),
    ];
  };
  const head = ['L0, one asking at a time', 'p50 ms', 'p99 ms', 'caller’s CPU µs a call'];
  return {
    text: table([[...head, 'p50, ratio', 'CPU, ratio'], ...measured.map(row)]),
    targets: [],
  };
}
