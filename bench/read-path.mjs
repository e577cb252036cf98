// What the path costs, from a cold question to a hit. `npm run bench`
// The reference of the same run: the exchange asked directly. Beside other servers: bench/serving.mjs
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
    row('gateway, hit', hits),
    row('another gateway, hit', other),
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
