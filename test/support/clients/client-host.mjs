/**
 * Runs public clients of the exchange exactly as npm installed them, in a process of their own: jest would compile their modules.
 * One message is one call, `{ id, client, site: { rest, stream }, method, args }`; its answer is `{ id, outcome }`. A client of one
 * site is made once, but for the stream's: each of its calls is a connection of its own, so that it begins with a snapshot.
 */
import ccxt from 'ccxt';
import { Upbit } from 'upbit-client';

const clients = new Map();

process.on('message', ({ id, ...question }) => {
  outcomeOf(question).then((outcome) => process.send({ id, outcome }));
});
process.on('disconnect', () => process.exit(0));
process.send('ready');

async function outcomeOf({ client, site, method, args }) {
  try {
    if (client === 'ccxt-stream')
      return { kind: 'returned', value: await watch(site, method, args) };
    const asked = knownClient(client, site);
    return { kind: 'returned', value: await asked[method](...args) };
  } catch (thrown) {
    return { kind: 'threw', thrown: portable(thrown) };
  }
}

function knownClient(client, site) {
  const key = `${client} ${site.rest}`;
  if (!clients.has(key)) clients.set(key, client === 'ccxt' ? ccxtRest(site) : upbitClient(site));
  return clients.get(key);
}

function ccxtRest({ rest }) {
  return new ccxt.upbit({ enableRateLimit: false, urls: { api: { public: rest, private: rest } } });
}

function upbitClient({ rest }) {
  const client = new Upbit();
  client.http.defaults.baseURL = rest;
  return client;
}

/** The first `times` updates of one subscription. */
async function watch({ rest, stream }, method, { times, args }) {
  const api = { public: rest, private: rest, ws: stream };
  const exchange = new ccxt.pro.upbit({ enableRateLimit: false, urls: { api } });
  try {
    await exchange.loadHttpProxyAgent();
    const updates = [];
    while (updates.length < times) updates.push(plain(await exchange[method](...args)));
    return updates;
  } finally {
    await exchange.close();
  }
}

/** A cache of updates is a list with a memory; only the list can travel. */
function plain(update) {
  return Array.isArray(update) ? [...update] : update;
}

/** What was thrown, as it can travel: an error by its class and message, anything else as it is. */
function portable(thrown) {
  if (!(thrown instanceof Error)) return thrown;
  return { error: thrown.constructor.name, message: thrown.message };
}
