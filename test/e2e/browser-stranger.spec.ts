import { waitFor } from '../support/app-process';
import { type Visit, Visitor } from '../support/browser';
import { readCcxtCandles } from '../support/clients/ccxt-candles';
import { ClientProcess } from '../support/clients/client-process';
import { House } from '../support/house';
import { PreloadDoor } from '../support/preload/preload-door';
import { redisDatabases } from '../support/redis-databases';

/** A strategy as somebody writes their first one: an oversold entry, by the trend of the hour. */
const STRATEGY = {
  ...{ strategyId: 'my_first', market: 'KRW-ETH', timeframe: '15m' },
  entry: {
    ...{ type: 'oversold', priority: 1, enabled: true },
    conditions: [
      { variable: 'RSI', params: { period: 14 }, operator: '<', value: '25' },
      { variable: 'EMA', params: { period: 60, timeframe: '1h' }, operator: '>', value: '0' },
    ],
  },
};

describe('a stranger’s path', () => {
  let house: House;
  let visitor: Visitor;
  let clients: ClientProcess;
  let dashboard: Visit;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.stranger, lives: 1 },
      environment: { LIVE_MARKETS: '*' },
    });
    [visitor, clients] = await Promise.all([Visitor.start(), ClientProcess.start()]);
    await new PreloadDoor(house).untilPlan(() => true);
    await waitFor(async () => {
      expect((await house.ask('/api/live')).status).toBe(200);
    });
  });
  afterAll(async () => {
    await clients.stop();
    await visitor.close();
    await house.close();
  });

  const text = async (selector: string): Promise<string> =>
    await dashboard.page.locator(selector).innerText();
  const ccxt = async (...args: readonly unknown[]) => {
    const site = { rest: house.gateways[0]!.url() };
    const outcome = await clients.call({ client: 'ccxt', site, method: 'fetchOHLCV', args });
    if (outcome.kind === 'threw') throw new Error(JSON.stringify(outcome.thrown));
    return readCcxtCandles(outcome.value);
  };

  it('begins in a browser: the house is up, and a chart moves', async () => {
    dashboard = await visitor.visit(house.gateways[0]!.url(), '/admin');
    await waitFor(async () => {
      expect(await text('#verdict')).toBe('all is well');
      expect(await text('#heartbeat')).toBe('live');
    });
    expect(await text('#strategies')).toContain('none yet');
  });

  it('goes on with the ccxt that they have, pointed at the gateway', async () => {
    const candles = await ccxt('BTC/KRW', '5m', undefined, 100);
    expect(candles).toHaveLength(100);
    const again = await house.ask('/v1/candles/minutes/5?market=KRW-BTC&count=100', {
      'cache-control': 'max-age=60',
    });
    expect(again.headers['cache-status']).toMatch(/^candlekeep; hit/);
  });

  it('comes to a strategy of their own, which the dashboard shows active, brought and kept warm', async () => {
    const put = await new PreloadDoor(house).send(
      'PUT',
      '/api/strategies/my_first?isActive=true',
      STRATEGY,
    );
    expect(put.status).toBe(201);
    await waitFor(async () => {
      const card = await text('[data-strategy=my_first]');
      expect(card).toMatch(/my_first\s+KRW-ETH 15m/);
      expect(card).toMatch(/active\s*done, \d+ calls?/);
      expect(card).toMatch(/KRW-ETH 15m · \d+/);
      expect(card).toMatch(/KRW-ETH 60m · \d+/);
    }, 25_000);
    expect(await text('#upcoming')).toContain('KRW-ETH 15m');
  });

  it('ends with what the strategy needs at hand: ccxt reads closed candles of it, and nobody asks the exchange', async () => {
    const DAY_MS = 86_400_000;
    const newest = (await ccxt('ETH/KRW', '1h', undefined, 1))[0]!;
    const urls = await house.urlsDuring(async () => {
      const hours = await ccxt('ETH/KRW', '1h', newest.openMs - 3 * DAY_MS, 60);
      expect(hours).toHaveLength(60);
    });
    expect(urls.filter((url) => url.includes('minutes/60'))).toEqual([]);
  });

  it('leaves nothing broken behind on the page', () => {
    expect(dashboard.foreign).toEqual([]);
    expect(dashboard.errors).toEqual([]);
  });
});
