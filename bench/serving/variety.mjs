// As many different questions as a whole house of calculators and charts has, over a thousand connections, for minutes.
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchHouse } from '../bench-house.mjs';
import { table } from '../figures.mjs';
import { usageOf } from '../process-usage.mjs';
import { load } from './load.mjs';
import { keepNewest, listMarkets } from './markets.mjs';

export const title =
  '10,000 different questions by lot over 50 markets, 1,000 keep-alive connections';

const UNITS = [1, 5, 15, 60];
const QUESTIONS = 10_000;
/** As many rows as L1 keeps of a series, and how far back a question's `to` may lie. */
const ROWS = 1_000;
const DEEPEST_TO = 800;
const CONNECTIONS = 1_000;
const SAMPLE_EVERY_MS = 1_000;

export async function run({ minutes, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  try {
    const [gateway] = house.gateways;
    const markets = await listMarkets(house);
    const ends = await keepNewest(house, { markets, units: UNITS, rows: ROWS });
    const paths = [...questionsOver(markets, ends)];
    const callsBefore = await house.calls();
    const warm = await load(gateway, { paths, connections: 32, amount: QUESTIONS });
    const [result, samples] = await measure(gateway, paths, minutes * 60);
    const calls = (await house.calls()) - callsBefore;
    return report({ warm, result, samples, calls, minutes });
  } finally {
    await house.close();
  }
}

function questionsOver(markets, ends) {
  const questions = new Set();
  while (questions.size < QUESTIONS) {
    const unit = drawn(UNITS);
    const toMs = ends.get(unit) - Math.floor(Math.random() * DEEPEST_TO) * unit * 60_000;
    const count = 1 + Math.floor(Math.random() * 200);
    const to = new Date(toMs).toISOString().slice(0, 19);
    questions.add(`/v1/candles/minutes/${unit}?market=${drawn(markets)}&count=${count}&to=${to}`);
  }
  return questions;
}

function drawn(list) {
  return list[Math.floor(Math.random() * list.length)];
}

async function measure(gateway, paths, seconds) {
  const samples = [];
  const loaded = load(gateway, { paths, byLot: true, connections: CONNECTIONS, seconds });
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  loaded.then(over, over);
  while (!isOver) {
    samples.push(usageOf(gateway.pid).rssMb);
    await pause(SAMPLE_EVERY_MS);
  }
  return [await loaded, samples];
}

function report({ warm, result, samples, calls, minutes }) {
  const fifth = (n) => {
    const part = samples.slice((samples.length * n) / 5, (samples.length * (n + 1)) / 5);
    return part.reduce((sum, mb) => sum + mb, 0) / part.length;
  };
  const [early, late] = [fifth(1), fifth(4)];
  const shares = Object.entries(result.details).map(
    ([detail, count]) => `${detail}: ${((100 * count) / result.requests).toFixed(1)} %`,
  );
  return {
    text: table([
      [`${minutes} minutes`, 'figure'],
      ['answers a second', result.perSecond.toFixed(0)],
      [
        'p50, p99 ms, all connections busy',
        `${result.p50Ms.toFixed(0)}, ${result.p99Ms.toFixed(0)}`,
      ],
      ['CPU µs a request', result.cpuUs.toFixed(0)],
      ['the same when each was asked for the first time', warm.cpuUs.toFixed(0)],
      ['from', shares.join('; ')],
      ['calls of the exchange', calls],
      [
        'resident MB, second and last fifth, most',
        [early, late, Math.max(...samples)].map((mb) => mb.toFixed(0)).join(', '),
      ],
    ]),
    targets: [{ name: 'memory, last fifth to second', value: late / early, atMost: 1.1 }],
  };
}
