import { z } from 'zod';
import { AppProcess, waitFor } from '../../support/app-process';
import { expectKnownLater } from '../../support/clients/agreement';
import { readCcxtCandles } from '../../support/clients/ccxt-candles';
import { ClientProcess } from '../../support/clients/client-process';
import { RotatingProxy } from '../../support/clients/rotating-proxy';

const list = z.array(z.unknown());
const lists = z.array(list);
const told = z.looseObject({ info: z.unknown() });
const trade = z.looseObject({
  id: z.string(),
  info: z.object({ timestamp: z.coerce.number(), trade_timestamp: z.number().optional() }),
});

/** What the client made of a ticker, without the message. */
function tickerOf(value: unknown): unknown {
  return { ...told.parse(value), info: undefined };
}

/** As {@link tickerOf}, and with the time of the trade: on the stream, the client takes the time of the telling for it. */
function tradeOf(value: unknown): z.infer<typeof trade> {
  const { info, ...rest } = trade.parse(value);
  const timestamp = info.trade_timestamp ?? info.timestamp;
  return { ...rest, timestamp: undefined, datetime: undefined, info: { timestamp } };
}

describe("an unmodified ccxt on the exchange's stream", () => {
  let simulator: AppProcess;
  let rest: RotatingProxy;
  let clients: ClientProcess;

  beforeAll(async () => {
    simulator = await AppProcess.start('exchange-simulator', { PORT: '0' });
    rest = await RotatingProxy.start(simulator.url());
    clients = await ClientProcess.start();
  });
  afterAll(async () => {
    await clients.stop();
    await rest.close();
    await simulator.stop();
  });

  /** The first updates of a subscription of its own: the snapshot, and what follows it. */
  const watch = async (times: number, method: string, ...args: unknown[]): Promise<unknown[]> => {
    const stream = `${simulator.url().replace('http:', 'ws:')}/websocket/v1`;
    const site = { rest: rest.url, stream };
    return list.parse(
      await returned({ client: 'ccxt-stream', site, method, args: { times, args } }),
    );
  };
  const fetched = async (method: string, ...args: unknown[]): Promise<unknown> =>
    await returned({ client: 'ccxt', site: { rest: rest.url }, method, args });
  const returned = async (call: Parameters<ClientProcess['call']>[0]): Promise<unknown> => {
    const outcome = await clients.call(call);
    if (outcome.kind === 'returned') return outcome.value;
    throw new Error(`${call.method} threw ${JSON.stringify(outcome.thrown)}`);
  };

  it('is told the ticker that REST tells', async () => {
    await waitFor(async () => {
      const [ticker] = await watch(1, 'watchTicker', 'SOL/KRW');
      expect(tickerOf(ticker)).toEqual(tickerOf(await fetched('fetchTicker', 'SOL/KRW')));
    });
  });

  it('is told the trades that REST tells', async () => {
    const symbols = ['BTC/KRW', 'ETH/KRW', 'SOL/KRW', 'DOGE/KRW'];
    const updates = await watch(symbols.length + 2, 'watchTradesForSymbols', symbols);
    const streamed = lists.parse(updates).flat().map(tradeOf);
    const answers = await Promise.all(symbols.map((symbol) => fetched('fetchTrades', symbol)));
    const known = lists.parse(answers).flat().map(tradeOf);
    const byId = new Map(known.map((row) => [row.id, row]));
    expect(streamed).toHaveLength(symbols.length + 2);
    expect(streamed).toEqual(streamed.map(({ id }) => byId.get(id)));
  });

  it('is told the seconds that REST tells, but for trades that were stored after the second', async () => {
    const streamed = readCcxtCandles(await watch(2, 'watchOHLCV', 'BTC/KRW', '1s'));
    await waitFor(async () => {
      const known = readCcxtCandles(await fetched('fetchOHLCV', 'BTC/KRW', '1s'));
      const pairs = expectKnownLater(streamed, known);
      expect(pairs.some(([row, later]) => row.volume === later.volume)).toBe(true);
    });
  });
});
