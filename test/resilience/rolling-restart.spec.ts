import { SystemClock } from '@candlekeep/clock';
import type { AppProcess } from '../support/app-process';
import { Balancer } from '../support/balancer';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

/** Several probes of the balancer. */
const NOTICE_MS = 500;
const ASK_EVERY_MS = 25;
const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'];
const clock = new SystemClock();

describe('a rolling restart', () => {
  let house: House;
  let balancer: Balancer;
  const asked: Promise<string>[] = [];

  beforeAll(async () => {
    const environment = { DRAIN_NOTICE_MS: String(NOTICE_MS) };
    const redisDatabase = redisDatabases.rollingRestart;
    house = await House.start({ redisDatabase, gateways: 2, workers: 2, environment });
    balancer = new Balancer(() => house.gateways.map((gateway) => gateway.url()));
    await balancer.start();
  });
  afterAll(async () => {
    await balancer.close();
    await house.close();
  });

  const askNext = (): void => {
    const market = MARKETS[asked.length % MARKETS.length] ?? '';
    const count = 1 + (asked.length % 40);
    const path = `/v1/candles/minutes/1?market=${market}&count=${count}`;
    asked.push(
      balancer.ask(path).then(
        ({ status, body }) => (status === 200 ? 'answered' : `${status} ${body}`),
        (error: unknown) => String(error),
      ),
    );
  };

  const restart = async (processes: AppProcess[], open: () => Promise<void>): Promise<void> => {
    for (const old of [...processes]) {
      expect(await old.stop()).toBe(0);
      processes.splice(processes.indexOf(old), 1);
      await open();
      await clock.sleep(2 * NOTICE_MS);
    }
  };

  it('of two gateways and two workers in turn, under load, fails no request', async () => {
    const stopAsking = clock.every(ASK_EVERY_MS, askNext);
    await restart(house.gateways, () => house.open({ gateways: 1, workers: 0 }));
    await restart(house.workers, () => house.open({ gateways: 0, workers: 1 }));
    stopAsking();
    const outcomes = await Promise.all(asked);
    expect(outcomes.length).toBeGreaterThan(100);
    expect(outcomes.filter((outcome) => outcome !== 'answered')).toEqual([]);
    expect([...balancer.reasons]).toEqual(['draining']);
  });
});
