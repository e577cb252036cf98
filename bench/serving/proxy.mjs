// A cache by URL where Candlekeep could stand: nginx, asked the same at the same moments.
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchHouse } from '../bench-house.mjs';
import { quantile, table } from '../figures.mjs';
import { findNginx, startNginx } from './nginx.mjs';
import { untilFollowed } from './until-followed.mjs';
import { questionsAt, wholeDay } from './workload-a.mjs';

export const title =
  'nginx proxy_cache beside a gateway: a 7-rule position on each of 3 markets, in real time';

const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'];
const LATENCY_MS = 20;
const MINUTE_MS = 60_000;
const JITTER_MS = 2_000;
/** Below the exchange's ten a second. */
const AGAIN_EVERY_MS = 125;
const NO_NGINX =
  'left out: there is no nginx here, and no Debian package of it could be unpacked. Install it (apt-get install nginx, brew install nginx) and run again.';

export async function run({ minutes, gatewayFlags }) {
  const file = await findNginx();
  if (file === undefined) return { text: NO_NGINX, targets: [] };
  const house = await startBenchHouse({ latencyMs: LATENCY_MS, gatewayFlags });
  let nginx;
  try {
    await house.open('live', { LIVE_MARKETS: MARKETS.join(',') });
    const [gateway] = house.gateways;
    await untilFollowed(gateway, MARKETS.length);
    const exchange = await house.openExchange(LATENCY_MS);
    const upstream = exchange.exchangeUrl;
    nginx = await startNginx(file, { upstream, validFor: '1d', folder: house.folder });
    const ours = {
      name: 'gateway, live follows the markets',
      url: gateway.url,
      calls: house.calls,
    };
    const theirs = { name: 'nginx, kept for a day', url: nginx.url, calls: exchange.calls };
    const sides = [theirs, ours];
    return report(await compare(sides, Math.max(1, Math.round(minutes)), upstream), minutes);
  } finally {
    await nginx?.stop();
    await house.close();
  }
}

async function compare(sides, minutes, upstream) {
  for (const side of sides) {
    for (const question of everyRule(minuteAway(-1))) {
      await ask(side.url, question);
    }
    side.coldCalls = await side.calls();
    side.answers = [];
  }
  const asked = new Set();
  for (let n = 0; n < minutes; n += 1) {
    const minute = minuteAway(1);
    await pause(minute * MINUTE_MS - Date.now());
    const questions = MARKETS.flatMap((market) => questionsAt(minute, market));
    for (const question of questions) asked.add(question);
    await Promise.all(questions.map((question) => askAll(sides, question)));
  }
  for (const side of sides) side.warmCalls = (await side.calls()) - side.coldCalls;
  await compareWithExchange(sides, asked, upstream);
  return sides;
}

/** The number of the minute (of the epoch) that is so many away. */
function minuteAway(away) {
  return Math.floor(Date.now() / MINUTE_MS) + away;
}

/** Every rule's question as of the last quarter hour. */
function everyRule(minute) {
  return MARKETS.flatMap((market) => [...new Set(questionsAt(minute - (minute % 15), market))]);
}

async function askAll(sides, question) {
  await pause(Math.random() * JITTER_MS);
  await Promise.all(
    sides.map(async (side) => {
      side.answers.push(await ask(side.url, question));
    }),
  );
}

async function ask(url, question) {
  const startMs = performance.now();
  const response = await fetch(url + question);
  const body = await response.text();
  return { status: response.status, body, timeMs: performance.now() - startMs };
}

/** What each says now of everything that was asked, beside what the exchange says: a page that was cached too early is wrong for good. */
async function compareWithExchange(sides, asked, upstream) {
  for (const side of sides) side.wrong = 0;
  for (const question of asked) {
    const right = await ask(upstream, question);
    for (const side of sides) {
      const { body } = await ask(side.url, question);
      if (body !== right.body) side.wrong += 1;
    }
    await pause(AGAIN_EVERY_MS);
  }
  for (const side of sides) side.askedAgain = asked.size;
}

function report(sides, minutes) {
  const { questions, urls } = wholeDay();
  const row = ({ name, answers, coldCalls, warmCalls, wrong, askedAgain }) => {
    const times = answers.map(({ timeMs }) => timeMs);
    const refused = answers.filter(({ status }) => status !== 200).length;
    const hits = 1 - warmCalls / answers.length;
    return [
      ...[name, answers.length, refused, coldCalls, warmCalls, `${(100 * hits).toFixed(0)} %`],
      ...[quantile(times, 0.5).toFixed(1), quantile(times, 0.99).toFixed(1)],
      `${wrong} of ${askedAgain}`,
    ];
  };
  const head = ['questions', 'refused', 'calls, cold start', 'calls', 'hits', 'p50 ms', 'p99 ms'];
  const [, ours] = sides;
  return {
    text: `${table([[`${minutes} minutes`, ...head, 'wrong afterwards'], ...sides.map(row)])}

Real time, since a past day replayed would flatter the gateway: its pages would reach beyond the replayed instant. nginx sees URLs alone, so its day is known: ${urls} calls for ${questions} questions (${(100 * (1 - urls / questions)).toFixed(0)} % hits), if callers agree on \`to\`; with \`to\` = now, none.`,
    targets: [{ name: 'gateway beside nginx: wrong afterwards', value: ours.wrong, atMost: 0 }],
  };
}
