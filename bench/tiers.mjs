// What the two tiers cost: L1's memory a candle, and reads of 200 rows from L1 and L2. `npm run bench:tiers`
// References of the same run: an empty round trip to each server, and a plain SELECT of the same 200 rows.
import cacheRoom from '../dist/libs/candle-cache/src/index.js';
import clockRoom from '../dist/libs/clock/src/index.js';
import redisRoom from '../dist/libs/redis/src/index.js';
import { startBenchServers } from './bench-servers.mjs';
import { quantile, table, timesOf } from './figures.mjs';
import { keepRows, openStore, rowsFrom, seriesOf } from './made-rows.mjs';

const MINUTE = 60_000;
const DAY_ROWS = 1_440;
const DAYS = 365;
const READS = 2_000;
const FROM_MS = Date.UTC(2025, 0, 1);
const END_MS = FROM_MS + DAYS * DAY_ROWS * MINUTE;

const clock = new clockRoom.SystemClock();
const series = seriesOf('KRW-BTC', '1m');

const servers = await startBenchServers();
const redis = redisRoom.openRedis({
  ...{ url: servers.redisCacheUrl, role: 'command', name: 'bench', onError: () => {} },
});
let l2;
try {
  l2 = await openStore(servers.databaseUrl);
  const window = new cacheRoom.RedisCandleWindow(redis, clock);
  const fillS = await fillYear(l2);
  console.log(`\nfilled with ${DAYS * DAY_ROWS} rows of one minute, page by page, in ${fillS} s\n`);
  console.log(await reads(l2, window));
  console.log(`\n${await memory(window)}`);
  await window.close();
} finally {
  redis.disconnect();
  await l2?.close();
  await servers.close();
}

async function fillYear({ pool, store }) {
  const startMs = performance.now();
  for (let day = 0; day < DAYS; day += 1) {
    await keepRows(store, series, { fromMs: FROM_MS + day * DAY_ROWS * MINUTE, slots: DAY_ROWS });
  }
  await pool.query('VACUUM ANALYZE candles');
  return Math.round((performance.now() - startMs) / 1_000);
}

async function reads({ pool, store }, window) {
  const revision = await store.openRevision(series);
  const newest = { fromMs: END_MS - 1_000 * MINUTE, untilMs: END_MS };
  await window.fill(
    { series, rows: rowsFrom(series, newest.fromMs, 1_000), covered: newest },
    revision,
  );
  const anywhere = () =>
    FROM_MS + (200 + Math.floor(Math.random() * (DAYS * DAY_ROWS - 200))) * MINUTE;
  const select = `SELECT * FROM candles WHERE market = $1 AND timeframe = $2 AND open_time < $3
                   ORDER BY open_time DESC LIMIT 200`;
  const plain = (beforeMs) =>
    pool.query({ name: 'plain', text: select, values: [series.market, '1m', new Date(beforeMs)] });
  const inWindow = () => END_MS - Math.floor(Math.random() * 800) * MINUTE;
  const measured = [
    ['an empty round trip to Redis', await timesOf(READS, () => redis.ping())],
    [
      'L1: 200 rows with coverage and head',
      await timesOf(READS, () => window.read([{ series, beforeMs: inWindow(), limit: 200 }])),
    ],
    ['an empty round trip to Postgres', await timesOf(READS, () => pool.query('SELECT 1'))],
    [
      'a plain SELECT of 200 rows, anywhere in the year',
      await timesOf(READS, () => plain(anywhere())),
    ],
    [
      'L2: 200 rows with coverage, anywhere in the year',
      await timesOf(READS, () => store.read(series, { beforeMs: anywhere(), limit: 200 })),
    ],
  ];
  const row = ([name, times]) => [
    name,
    quantile(times, 0.5).toFixed(2),
    quantile(times, 0.99).toFixed(2),
  ];
  return table([['one caller', 'p50 ms', 'p99 ms'], ...measured.map(row)]);
}

async function memory(window) {
  const [{ bytes, rows }] = await window.list();
  const perCandle = bytes / rows;
  const windows = Math.floor(100_000_000 / bytes);
  return table([
    ['L1', 'bytes'],
    [`a window of ${rows} one-minute rows, measured`, String(bytes)],
    ['a candle', perCandle.toFixed(0)],
    ['full windows in the default budget of 100 MB', String(windows)],
  ]);
}
