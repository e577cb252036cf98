// Live at full cadence: many markets on one connection. `npm run bench:live-scale -- [--markets 200] [--warm-up 150] [--seconds 180]`
// Whole processes on servers of their own, on this machine, the simulated exchange and the sampler among them.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import clockRoom from '../dist/libs/clock/src/index.js';
import feedRoom from '../dist/libs/feed/src/index.js';
import redisRoom from '../dist/libs/redis/src/index.js';
import { startBenchHouse } from './bench-house.mjs';
import { quantile, table } from './figures.mjs';
import { usageOf } from './process-usage.mjs';

const { values } = parseArgs({
  options: {
    markets: { type: 'string', default: '200' },
    'warm-up': { type: 'string', default: '150' },
    seconds: { type: 'string', default: '180' },
  },
});
const wanted = Number(values.markets);
const SAMPLE_EVERY_MS = 100;
/** The stream is counted by a connection of our own, after the measurement. */
const COUNT_STREAM_MS = 20_000;
const RECORDED = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];

const clock = new clockRoom.SystemClock();
const house = await startBenchHouse({ latencyMs: 50, onOutput: tellTrouble });
const [gateway] = house.gateways;
const redis = (url) =>
  redisRoom.openRedis({ ...{ url, role: 'command', name: 'bench', onError: () => {} } });
const [queue, cache] = [redis(house.env.REDIS_URL), redis(house.env.REDIS_CACHE_URL)];
const pids = {
  'exchange-simulator': house.exchangePid,
  worker: house.workers[0].pid,
  gateway: gateway.pid,
};
try {
  const markets = await listMarkets();
  pids.live = (await house.open('live', { LIVE_MARKETS: '*' })).pid;
  await untilSteady(markets.length);
  console.log(
    `\n${markets.length} markets; warming up for ${values['warm-up']} s, then ${values.seconds} s of measurement\n`,
  );
  await clock.sleep(Number(values['warm-up']) * 1_000);
  const start = await countersNow();
  const lags = await sampleLags(markets, Number(values.seconds) * 1_000);
  const end = await countersNow();
  const status = await feedRoom.readStatus(queue);
  const framesPerSecond = await countFrames(markets);
  console.log(figures({ markets, lags, start, end, status, framesPerSecond }));
} finally {
  queue.disconnect();
  cache.disconnect();
  await house.close();
}

/** Warnings and errors of the processes. */
function tellTrouble(output) {
  if (/"level":"?(?:warn|error|40|50)/.test(output)) process.stderr.write(output);
}

/** The recorded markets, and as many that trade like them as are wanted. */
async function listMarkets() {
  for (let n = RECORDED.length; n < wanted; n += 1) {
    const market = `KRW-M${String(n).padStart(3, '0')}`;
    const body = JSON.stringify({ market, like: RECORDED[n % RECORDED.length] });
    const response = await fetch(`${house.controlUrl}/markets`, { method: 'POST', body });
    if (!response.ok) throw new Error(`${market} was not listed: ${await response.text()}`);
  }
  const { listed } = await (await fetch(`${house.controlUrl}/markets`)).json();
  return listed.filter((market) => market.startsWith('KRW-'));
}

async function untilSteady(count) {
  for (let tries = 0; tries < 120; tries += 1) {
    const status = await feedRoom.readStatus(queue);
    if (status?.stream.state === 'steady' && status.markets.length === count) return;
    await clock.sleep(500);
  }
  throw new Error('live did not follow all markets within a minute');
}

/** How old the newest sight of a random market is, as a gateway has it, ms; nobody is asked for a newer one. */
async function sampleLags(markets, forMs) {
  const untilMs = clock.monotonicMs() + forMs;
  const headers = { 'cache-control': 'max-age=3600, only-if-cached' };
  const lags = [];
  let unknown = 0;
  while (clock.monotonicMs() < untilMs) {
    const market = markets[Math.floor(Math.random() * markets.length)];
    const url = `${gateway.url}/v1/candles/minutes/1?market=${market}&count=1`;
    const response = await fetch(url, { headers });
    await response.text();
    if (response.status === 200) {
      lags.push(clock.nowMs() - Number(response.headers.get('x-candlekeep-as-of')));
    } else unknown += 1;
    await clock.sleep(SAMPLE_EVERY_MS);
  }
  if (unknown > 0) console.log(`${unknown} of ${unknown + lags.length} samples had no answer`);
  return lags;
}

/** Frames a second of the subscriptions that live holds. */
async function countFrames(markets) {
  const socket = new WebSocket(house.env.UPBIT_WS_URL);
  await once(socket, 'open');
  let frames = 0;
  const kinds = ['candle.1m', 'trade', 'ticker', 'candle.1s'];
  const wishes = kinds.map((type) => ({ type, codes: markets, is_only_realtime: true }));
  wishes.push({ type: 'orderbook', codes: RECORDED, is_only_realtime: true });
  socket.send(JSON.stringify([{ ticket: 'bench' }, ...wishes, { format: 'DEFAULT' }]));
  socket.on('message', () => {
    frames += 1;
  });
  await clock.sleep(COUNT_STREAM_MS);
  socket.terminate();
  return (frames * 1_000) / COUNT_STREAM_MS;
}

async function countersNow() {
  const { total, byUrl } = await (await fetch(`${house.controlUrl}/calls`)).json();
  const used = Object.entries(pids).map(([name, pid]) => [name, usageOf(pid)]);
  const scripts = /cmdstat_evalsha:calls=(\d+)/.exec(await cache.info('commandstats'))?.[1];
  return {
    ...{ atMs: clock.monotonicMs(), total, byUrl },
    ...{ used: Object.fromEntries(used), scripts: Number(scripts) },
  };
}

function figures({ markets, lags, start, end, status, framesPerSecond }) {
  const seconds = (end.atMs - start.atMs) / 1_000;
  const sum = (field) => status.markets.reduce((total, market) => total + market[field], 0);
  const perDay = ((end.total - start.total) / markets.length / seconds) * 86_400;
  const apart = Object.keys(pids).map((name) => [
    `CPU and memory of ${name}`,
    `${((end.used[name].cpuMs - start.used[name].cpuMs) / 10 / seconds).toFixed(0)} % of a core, ${end.used[name].rssMb.toFixed(0)} MB`,
  ]);
  return table([
    ['live at scale', 'figure'],
    ['markets', markets.length],
    ['messages of the stream a second', framesPerSecond.toFixed(0)],
    ...apart,
    ['scripts that L1 ran a second', ((end.scripts - start.scripts) / seconds).toFixed(0)],
    [
      `age of a head at a gateway, ms (${lags.length} samples)`,
      `p50 ${quantile(lags, 0.5)}, p99 ${quantile(lags, 0.99)}, longest ${Math.max(...lags)}`,
    ],
    ['stream by status', `${status.stream.state}, lag ${status.stream.lagMs} ms`],
    ['calls of the exchange, start and warm-up', start.total],
    [
      `calls of the exchange in ${seconds.toFixed(0)} s`,
      `${end.total - start.total} (${perDay.toFixed(1)} a market and day)`,
    ],
    ['of these', questionsBetween(start, end).join(', ') || 'none'],
    [
      'minutes traded, empty, doubtful, corrected',
      `${sum('proven')}, ${sum('empty')}, ${sum('doubtful')}, ${sum('corrections')}`,
    ],
  ]);
}

/** Which questions the calls between two looks were, without their markets and instants. */
function questionsBetween(start, end) {
  const counts = {};
  for (const [url, count] of Object.entries(end.byUrl)) {
    const more = count - (start.byUrl[url] ?? 0);
    const question = url.replace(/KRW-\w+/g, 'M').replace(/to=[^&]+/, 'to=T');
    if (more > 0) counts[question] = (counts[question] ?? 0) + more;
  }
  return Object.entries(counts).map(([question, count]) => `${count} × ${question}`);
}
