import { ManualClock } from '@candlekeep/clock';
import { Metrics } from './metrics';
import { tellPool } from './pool-figures';
import { tellRedis } from './redis-figures';

describe('the connections of a process', () => {
  const connections: { role: string; isReady: boolean }[] = [];
  const redis = { connections, poisonedCount: 0 };
  const pool = { totalCount: 0, idleCount: 0, waitingCount: 0 };
  const metrics = new Metrics('live', new ManualClock());
  tellRedis(metrics, redis);
  tellPool(metrics, pool);
  const told = async (): Promise<string[]> =>
    (await metrics.expose(undefined)).text.split('\n').filter((line) => !line.startsWith('#'));

  it('are told by what they are for and whether they are ready', async () => {
    connections.push(
      { role: 'command', isReady: true },
      { role: 'command', isReady: false },
      { role: 'subscriber', isReady: true },
    );
    redis.poisonedCount = 2;
    expect(await told()).toEqual(
      expect.arrayContaining([
        'candlekeep_redis_connections{role="command",state="ready"} 1',
        'candlekeep_redis_connections{role="command",state="away"} 1',
        'candlekeep_redis_connections{role="subscriber",state="ready"} 1',
        'candlekeep_redis_connections{role="subscriber",state="away"} 0',
        'candlekeep_poisoned_values_total 2',
      ]),
    );
  });

  it('to Postgres are busy or idle, and somebody may wait for one', async () => {
    Object.assign(pool, { totalCount: 10, idleCount: 7, waitingCount: 1 });
    expect(await told()).toEqual(
      expect.arrayContaining([
        'candlekeep_postgres_pool_connections{state="busy"} 3',
        'candlekeep_postgres_pool_connections{state="idle"} 7',
        'candlekeep_postgres_pool_connections{state="waiting"} 1',
      ]),
    );
  });
});
