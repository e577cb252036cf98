// What the path costs, from a cold question to an answer of L1. `npm run bench`
// References of the same run: the exchange asked directly, and a bare Node server that sends one fixed body.
import { createServer } from 'node:http';
import { once } from 'node:events';
import autocannon from 'autocannon';
import { startBenchHouse } from './bench-house.mjs';
import { quantile, table, timesOf } from './figures.mjs';

const LATENCY_MS = 150;
const CANDLES = '/v1/candles/minutes/1?market=KRW-BTC&count=200';
const fresh = { headers: { 'cache-control': 'max-age=3600' } };

const house = await startBenchHouse({ latencyMs: LATENCY_MS, gateways: 2 });
try {
  const [gateway, second] = house.gatewayUrls;
  await fetch(`${gateway}/v1/market/all`);
  console.log(await waits(gateway, second));
  console.log(await economy(gateway, second));
  console.log(await throughput(gateway));
} finally {
  await house.close();
}

async function waits(gateway, second) {
  const get = async (url, init) => (await fetch(url, init)).text();
  const direct = await timesOf(20, () => get(house.exchangeUrl + CANDLES), 110);
  const cold = await timesOf(8, (i) => get(`${gateway}${CANDLES}&to=${daysAgo(i + 2)}`));
  const hits = await timesOf(500, () => get(gateway + CANDLES, fresh));
  const other = await timesOf(500, () => get(second + CANDLES, fresh));
  const row = (name, times) => [
    name,
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.99).toFixed(1),
  ];
  return `\n${table([
    ['one 200-row answer, one caller', 'median ms', 'p99 ms'],
    row(`the exchange itself, mean latency ${LATENCY_MS} ms`, direct),
    row('gateway, cold: through queue, worker and exchange', cold),
    row('gateway, L1', hits),
    row('another gateway, L1', other),
  ])}`;
}

function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19);
}

async function economy(gateway, second) {
  const before = await house.calls();
  const asked = Array.from({ length: 50 }, (_, i) =>
    fetch(`${i % 2 ? gateway : second}/v1/candles/days?market=KRW-ETH&count=${1 + i * 4}`).then(
      (r) => r.text(),
    ),
  );
  await Promise.all(asked);
  const herd = (await house.calls()) - before;
  return `\n${table([
    ['question', 'calls without', 'calls with'],
    ['50 overlapping cold questions at two gateways', '50', String(herd)],
  ])}`;
}

async function throughput(gateway) {
  const body = Buffer.from(await (await fetch(gateway + CANDLES, fresh)).text());
  const bare = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const bareUrl = `http://127.0.0.1:${bare.address().port}/`;
  const rounds = { bare: [], l1: [] };
  for (let round = 0; round < 3; round += 1) {
    rounds.bare.push(await perSecond(bareUrl));
    rounds.l1.push(await perSecond(gateway + CANDLES));
  }
  bare.close();
  const [bareRate, l1Rate] = [quantile(rounds.bare, 0.5), quantile(rounds.l1, 0.5)];
  return `\n${table([
    ['200-row answers a second, 32 connections', 'median of 3', 'of bare'],
    [
      'bare Node server in the measuring process, one fixed body',
      String(Math.round(bareRate)),
      '1.00',
    ],
    ['gateway, L1', String(Math.round(l1Rate)), (l1Rate / bareRate).toFixed(3)],
  ])}`;
}

async function perSecond(url) {
  const { requests } = await autocannon({ url, connections: 32, duration: 4, ...fresh });
  return requests.average;
}
