// A bad way to the exchange: each request is held back for up to JITTER_MS before it is sent on, each answer for up to JITTER_MS
// before it is given back, both by lot from SEED. A request whose caller has gone before it was sent on never reaches the exchange, a
// connection that the exchange breaks off is broken off here.
import { once } from 'node:events';
import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const target = new URL(process.env.TARGET_URL);
const jitterMs = Number(process.env.JITTER_MS);
const nextMs = lots(Number(process.env.SEED ?? 1), jitterMs);
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  pass(request, response).catch(() => request.socket.resetAndDestroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`jitter-proxy listening on http://127.0.0.1:${server.address().port}`);
process.send?.('ready');
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

async function pass(request, response) {
  await delay(nextMs());
  if (request.socket.destroyed) return;
  const answer = await ask(request, response);
  const body = await buffer(answer);
  await delay(nextMs());
  response.writeHead(answer.statusCode, answer.rawHeaders);
  response.end(body);
}

/** The answer's head; the exchange's connection is broken off when the caller goes. */
async function ask({ method, url, headers }, response) {
  const { hostname, port } = target;
  const sent = http.request({ hostname, port, agent, method, path: url, headers });
  response.on('close', () => {
    if (!response.writableFinished) sent.destroy();
  });
  sent.end();
  const [answer] = await once(sent, 'response');
  return answer;
}

/** Waits spread evenly over [0, mostMs), the same ones for the same seed (mulberry32). */
function lots(seed, mostMs) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * mostMs;
  };
}
