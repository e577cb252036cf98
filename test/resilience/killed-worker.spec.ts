import { House } from '../support/house';
import { waitFor } from '../support/app-process';
import { redisDatabases } from '../support/redis-databases';

describe('a worker that is killed', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      redisDatabase: redisDatabases.killedWorker,
      exchangeLatencyMs: 2_000,
    });
  });
  afterAll(async () => {
    await house.close();
  });

  it('in the middle of a fetch costs time, and neither an answer nor a second pair of calls', async () => {
    const path = '/v1/candles/minutes/60?market=KRW-SOL&count=100';
    const before = (await house.witness()).total;
    const asked = house.ask(path);
    await waitFor(async () => {
      expect((await house.witness()).total).toBe(before + 1);
    });
    await house.workers.pop()?.stop('SIGKILL');
    await house.open({ gateways: 0, workers: 1 });
    expect([200, 504]).toContain((await asked).status);
    await waitFor(async () => {
      const { status, body } = await house.ask(path, { 'cache-control': 'max-age=60' });
      expect(status).toBe(200);
      expect(JSON.parse(body)).toHaveLength(100);
    }, 30_000);
    expect((await house.witness()).total).toBe(before + 2);
  });
});
