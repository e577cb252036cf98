import { ask, askJson } from '../../testing/ask';
import { memberOf, StreamClient } from '../../testing/stream-client';
import { startSimulator, type Simulator } from '../simulator';

const ticker = { type: 'ticker', codes: ['KRW-BTC'] };

describe('the stream of a running simulator', () => {
  let simulator: Simulator;
  let url: string;
  beforeEach(async () => {
    simulator = await startSimulator({ controlPort: 0 });
    url = `${simulator.url.replace('http', 'ws')}/websocket/v1`;
  });
  afterEach(() => simulator.close());

  it('tells what the REST answer tells at the same time', async () => {
    const client = await StreamClient.open(url);
    await client.subscribe([{ ...ticker, is_only_snapshot: true }]);
    const [frame] = client.take();
    const rest = (await ask(`${simulator.url}/v1/ticker?markets=KRW-BTC`)).raw.toString();
    for (const key of ['opening_price', 'prev_closing_price']) {
      expect(memberOf(frame!, key)).toBe(memberOf(rest, key));
    }
  });

  it('obeys faults, and shares the limit on an Origin and the witness with REST', async () => {
    const faults = `${simulator.controlUrl!}/faults`;
    const fault = { kind: 'stream-silent' };
    await ask(faults, { method: 'POST', body: fault });
    const client = await StreamClient.open(url, { origin: 'https://example.com' });
    await client.subscribe([ticker]);
    expect(client.take()).toEqual([]);
    await ask(faults, { method: 'DELETE' });
    await client.subscribe([ticker]);
    expect(client.take()).toHaveLength(1);
    const headers = { Origin: 'https://example.com' };
    expect((await ask(`${simulator.url}/v1/market/all`, { headers })).status).toBe(429);
    expect(await askJson(`${simulator.controlUrl!}/calls`)).toMatchObject({
      byGroup: { origin: 2 },
      violations: [{ kind: 'origin', url: '/websocket/v1' }, { kind: 'origin' }],
    });
    await ask(faults, { method: 'POST', body: { kind: 'stream-cut' } });
    expect(await client.closed).toBe(1_006);
  });

  it('tells of a market from its listing on, and no more once it is gone', async () => {
    const client = await StreamClient.open(url);
    const wish = { type: 'orderbook', codes: ['KRW-NEW'] };
    await client.subscribe([wish]);
    expect(client.take()).toEqual([]);
    const markets = `${simulator.controlUrl!}/markets`;
    await ask(markets, { method: 'POST', body: { market: 'KRW-NEW', like: 'KRW-BTC' } });
    const codes = ['KRW-NEW', 'KRW-ETH'];
    await client.subscribe([{ type: 'candle.240m', codes }]);
    expect(client.take().join()).toContain('KRW-ETH');
    await ask(`${markets}/KRW-NEW`, { method: 'DELETE' });
    client.take();
    await client.subscribe([{ type: 'candle.240m', codes }]);
    // Further frames of the other market may have come by then.
    const told = client.take();
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((frame) => !frame.includes('KRW-ETH'))).toEqual([]);
  });

  it('ends with the simulator, whoever still listens', async () => {
    const client = await StreamClient.open(url);
    await client.subscribe([ticker]);
    await simulator.close();
    expect(await client.closed).toBe(1_006);
  });
});
