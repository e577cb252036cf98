// The two pages that everybody asks for, while the stream moves the head of the series.
import { startBenchHouse } from '../bench-house.mjs';
import { contest, medianOf, medianRatio } from './contest.mjs';
import { contestTable, cpuUs, p99Ms, perSecond, sourcesOf } from './contest-table.mjs';
import { closedPage, LATEST } from './questions.mjs';
import { sampleOf, startFixed } from './sample.mjs';
import { untilFollowed } from './until-followed.mjs';

export const title =
  'Hot pages of 200 rows, 32 keep-alive connections, the head moves all the time';

export async function run({ rounds, seconds, gatewayFlags }) {
  const house = await startBenchHouse({ latencyMs: 0, gatewayFlags });
  try {
    await house.open('live', { LIVE_MARKETS: 'KRW-BTC' });
    const [gateway] = house.gateways;
    await untilFollowed(gateway);
    const parts = [];
    for (const [name, question] of [
      ['latest 200', LATEST],
      ['a closed page', closedPage()],
    ]) {
      parts.push(await measure({ house, gateway, name, question, rounds, seconds }));
    }
    return {
      text: parts.map(({ text }) => text).join('\n\n'),
      targets: parts.flatMap(({ targets }) => targets),
    };
  } finally {
    await house.close();
  }
}

async function measure({ house, gateway, name, question, rounds, seconds }) {
  const sample = await sampleOf(gateway, question);
  const bare = await startFixed(house, 'bare-http', sample);
  const nest = await startFixed(house, 'nest-fastify', sample);
  const order = { paths: [question], connections: 32 };
  const results = await contest(
    [
      { name: 'bare node:http, one fixed buffer', server: bare, order },
      { name: 'Nest on Fastify, one fixed buffer', server: nest, order },
      { name: 'gateway', server: gateway, order },
    ],
    { rounds, seconds },
  );
  await bare.stop();
  await nest.stop();
  const [, reference, ours] = results;
  const heads = medianOf(ours, (round) => round.heads / seconds);
  const ratio = (figure) => medianRatio(ours, reference, figure);
  const targets = [
    { name: `${name}: answers a second`, value: ratio(perSecond), atLeast: 0.75 },
    { name: `${name}: the same by CPU a request`, value: 1 / ratio(cpuUs), atLeast: 0.75 },
    { name: `${name}: p99`, value: ratio(p99Ms), atMost: 2 },
  ];
  if (question === LATEST) targets.push({ name: 'heads a second', value: heads, atLeast: 1 });
  const asking = medianOf(ours, (round) => round.ownCpuUs).toFixed(0);
  const moved = question === LATEST ? `${heads.toFixed(1)} different heads a second; ` : '';
  const note = `${sample.body.length} bytes; ${moved}last round: ${sourcesOf(ours)}. Asking took ${asking} µs of CPU each.`;
  return { text: `${contestTable(name, results, reference)}\n\n${note}`, targets };
}
