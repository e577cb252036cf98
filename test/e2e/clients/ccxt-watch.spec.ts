import { parseMarketCode } from '@candlekeep/market';
import { z } from 'zod';
import { waitFor } from '../../support/app-process';
import { expectKnownLater } from '../../support/clients/agreement';
import { readCcxtCandles } from '../../support/clients/ccxt-candles';
import { ClientProcess } from '../../support/clients/client-process';
import { House } from '../../support/house';
import { redisDatabases } from '../../support/redis-databases';
import { StreamRelay } from '../../support/stream/stream-relay';

const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE'].map(parseMarketCode);
const SYMBOLS = ['BTC/KRW', 'ETH/KRW', 'SOL/KRW', 'DOGE/KRW'];

const list = z.array(z.unknown());
const lists = z.array(list);
const told = z.looseObject({ info: z.unknown() });
const trade = z.looseObject({ id: z.string(), price: z.number(), amount: z.number() });

function tickerOf(value: unknown): unknown {
  return { ...told.parse(value), info: undefined };
}

describe('an unmodified ccxt that watches a gateway', () => {
  let house: House;
  let relay: StreamRelay;
  let clients: ClientProcess;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.ccxtWatch });
    relay = await StreamRelay.start(house.simulator.url(), house.redis.queue, MARKETS);
    clients = await ClientProcess.start();
  });
  afterAll(async () => {
    await clients.stop();
    await relay.close();
    await house.close();
  });

  const returned = async (client: 'ccxt' | 'ccxt-stream', method: string, args: unknown) => {
    const rest = house.gateways[0]!.url();
    const site = { rest, stream: `${rest.replace('http:', 'ws:')}/websocket/v1` };
    const outcome = await clients.call({ client, site, method, args });
    if (outcome.kind === 'returned') return outcome.value;
    throw new Error(`${method} threw ${JSON.stringify(outcome.thrown)}`);
  };
  const watch = async (times: number, method: string, ...args: unknown[]): Promise<unknown[]> =>
    list.parse(await returned('ccxt-stream', method, { times, args }));
  const fetched = async (method: string, ...args: unknown[]): Promise<unknown> =>
    await returned('ccxt', method, args);

  it('is told the ticker that REST tells', async () => {
    await waitFor(async () => {
      const [ticker] = await watch(1, 'watchTicker', 'SOL/KRW');
      expect(tickerOf(ticker)).toEqual(tickerOf(await fetched('fetchTicker', 'SOL/KRW')));
    }, 40_000);
  });

  it('is told the trades that REST tells, each once', async () => {
    const updates = await watch(SYMBOLS.length + 2, 'watchTradesForSymbols', SYMBOLS);
    const streamed = lists
      .parse(updates)
      .flat()
      .map((row) => trade.parse(row));
    const answers = await Promise.all(SYMBOLS.map((symbol) => fetched('fetchTrades', symbol)));
    const known = lists
      .parse(answers)
      .flat()
      .map((row) => trade.parse(row));
    const byId = new Map(known.map(({ id, price, amount }) => [id, { price, amount }]));
    expect(streamed.map(({ price, amount }) => ({ price, amount }))).toEqual(
      streamed.map(({ id }) => byId.get(id)),
    );
    const ids = new Set(streamed.map(({ id }) => id));
    expect(ids.size).toBe(streamed.length);
  });

  // The only candles of this exchange that it watches.
  it('is told the seconds that REST tells', async () => {
    const streamed = readCcxtCandles(await watch(2, 'watchOHLCV', 'BTC/KRW', '1s'));
    await waitFor(async () => {
      const known = readCcxtCandles(await fetched('fetchOHLCV', 'BTC/KRW', '1s'));
      expectKnownLater(streamed, known);
    });
  });
});
