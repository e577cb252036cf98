// Keep-alive HTTP load on raw sockets, in a process of its own. A response is a head and as many bytes as it announces, so
// counting takes a fraction of what an HTTP client takes, and the server stays the slower side.
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
/** Read into by all sockets in turn: each portion is counted before the next one is read. */
const portion = Buffer.allocUnsafe(262_144);

process.on('message', (order) => {
  run(order).then(
    (result) => process.send(result),
    (error) => process.send({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send('ready');

/**
 * `paths` are asked in their order over and over, or drawn by lot, for `seconds`, or until `amount` were asked. With a `body`
 * (JSON text) each is a POST.
 */
function run(order) {
  const { connections, seconds = 600, amount = Infinity, byLot } = order;
  const requests = requestsOf(order);
  const tally = newTally();
  let asked = 0;
  const next = () => {
    if (asked >= amount) return undefined;
    asked += 1;
    return requests[
      (byLot ? Math.floor(Math.random() * requests.length) : asked) % requests.length
    ];
  };
  return new Promise((resolve, reject) => {
    const sockets = [];
    const end = (error) => {
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      if (error === undefined) resolve(resultOf(tally));
      else reject(error);
    };
    const timer = setTimeout(end, seconds * 1_000);
    let open = connections;
    const finish = () => {
      open -= 1;
      if (open === 0) end();
    };
    const { hostname, port } = new URL(order.url);
    const door = { host: hostname, port: Number(port), noDelay: true };
    const talk = { next, finish, fail: end, note: (head, timeMs) => count(tally, head, timeMs) };
    while (sockets.length < connections) sockets.push(openSocket(door, talk));
  });
}

/** The bytes of each question. */
function requestsOf({ url, paths, headers = {}, body }) {
  const own = { host: new URL(url).host, ...headers };
  const posted = { 'content-type': 'application/json', 'content-length': body?.length };
  const lines = Object.entries(body === undefined ? own : { ...own, ...posted })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n');
  const method = body === undefined ? 'GET' : 'POST';
  return paths.map((path) => `${method} ${path} HTTP/1.1\r\n${lines}\r\n\r\n${body ?? ''}`);
}

/** Asks on one connection, each question when the one before is answered. */
function openSocket(door, { next, finish, fail, note }) {
  let [startMs, missing, head, unread] = [0, 0, '', NOTHING];
  const ask = () => {
    const request = next();
    if (request === undefined) return finish();
    startMs = performance.now();
    return socket.write(request, 'latin1');
  };
  const take = (bytes) => {
    if (missing > 0) missing -= bytes.length;
    else {
      const all = unread.length === 0 ? bytes : Buffer.concat([unread, bytes]);
      const end = all.indexOf(HEAD_END);
      unread = end < 0 ? Buffer.from(all) : NOTHING;
      if (end < 0) return;
      head = all.latin1Slice(0, end);
      missing = lengthIn(head) + end + HEAD_END.length - all.length;
    }
    if (missing > 0) return;
    note(head, performance.now() - startMs);
    ask();
  };
  const callback = (size, buffer) => take(buffer.subarray(0, size));
  const socket = connect({ ...door, onread: { buffer: portion, callback } });
  socket.on('connect', ask);
  socket.on('error', fail);
  socket.on('end', () => fail(new Error('the server closed a connection')));
  return socket;
}

function lengthIn(head) {
  const announced = /\r\ncontent-length: (\d+)/i.exec(head);
  if (announced === null) throw new Error(`an answer without Content-Length:\n${head}`);
  return Number(announced[1]);
}

function newTally() {
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  return { startMs, startCpu, times: [], statuses: {}, details: {}, seenAt: {} };
}

function count({ times, statuses, details, seenAt }, head, timeMs) {
  times.push(timeMs);
  add(statuses, head.slice(9, 12));
  add(details, /\r\ncache-status: ([^\r]*)/i.exec(head)?.[1]);
  add(seenAt, /\r\nx-candlekeep-as-of: (\d+)/i.exec(head)?.[1]);
}

function add(counts, name) {
  if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
}

function resultOf({ startMs, startCpu, times, statuses, details, seenAt }) {
  const elapsedS = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(startCpu);
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    ...{ requests: times.length, perSecond: times.length / elapsedS },
    ownCpuUs: (user + system) / times.length,
    ...{ p50Ms: at(0.5), p99Ms: at(0.99), statuses, details, heads: Object.keys(seenAt).length },
  };
}
