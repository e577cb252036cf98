// A long range in each form that the native API has: bytes, the gateway's time, and what a caller needs to read them.
import { tableFromIPC } from 'apache-arrow';
import { startBenchHouse } from '../bench-house.mjs';
import { quantile, table } from '../figures.mjs';
import { usageOf } from '../process-usage.mjs';
import { keepNewest } from './markets.mjs';

const ROWS = 100_000;
const MINUTE_MS = 60_000;

export const title = `A range of ${ROWS} one-minute rows in each form, one caller`;

const FORMS = [
  { name: 'JSON rows', query: 'format=rows', read: (bytes) => JSON.parse(bytes).candles.length },
  { name: 'CSV', query: 'format=csv' },
  {
    name: 'Arrow, decimal text',
    query: 'format=arrow',
    read: (bytes) => tableFromIPC(bytes).numRows,
  },
  {
    name: 'Arrow, numbers',
    query: 'format=arrow&numbers=number',
    read: (bytes) => tableFromIPC(bytes).numRows,
  },
];

export async function run({ rounds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  try {
    const [gateway] = house.gateways;
    await (await fetch(`${gateway.url}/v1/market/all`)).text();
    const ends = await keepNewest(house, { markets: ['KRW-BTC'], units: [1], rows: ROWS });
    const untilMs = ends.get(1);
    const range = `from=${untilMs - ROWS * MINUTE_MS}&to=${untilMs}`;
    const question = `${gateway.url}/api/candles?market=KRW-BTC&timeframe=1m&${range}`;
    const measured = FORMS.map(() => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, form] of FORMS.entries()) {
        const result = await measure(gateway, `${question}&${form.query}`, form);
        if (round > 0) measured[index].push(result);
      }
    }
    return report(measured);
  } finally {
    await house.close();
  }
}

async function measure(gateway, url, { name, read }) {
  const before = usageOf(gateway.pid);
  const startMs = performance.now();
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const timeMs = performance.now() - startMs;
  const { cpuMs } = usageOf(gateway.pid);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${bytes.subarray(0, 500)}`);
  const readFromMs = performance.now();
  const rows = read?.(bytes) ?? ROWS;
  const readMs = read === undefined ? NaN : performance.now() - readFromMs;
  if (rows !== ROWS) throw new Error(`${name}: ${rows} rows instead of ${ROWS}`);
  return { timeMs, readMs, cpuMs: cpuMs - before.cpuMs, bytes: bytes.length };
}

function report(measured) {
  const median = (results, figure) => quantile(results.map(figure), 0.5);
  const [asRows] = measured;
  const row = (results, index) => {
    const reading = median(results, ({ readMs }) => readMs);
    return [
      FORMS[index].name,
      (results[0].bytes / 1e6).toFixed(1),
      ...[({ timeMs }) => timeMs, ({ cpuMs }) => cpuMs].map((of) => median(results, of).toFixed(0)),
      Number.isNaN(reading) ? '' : reading.toFixed(0),
      (results[0].bytes / asRows[0].bytes).toFixed(2),
      quantile(
        results.map(({ timeMs }, round) => timeMs / asRows[round].timeMs),
        0.5,
      ).toFixed(2),
    ];
  };
  const head = ['form', 'MB', 'ms to the last byte', 'CPU ms of the gateway', 'ms to read it'];
  return {
    text: table([[...head, 'bytes, ratio', 'time, ratio'], ...measured.map(row)]),
    targets: [],
  };
}
