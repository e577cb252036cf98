import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { SystemClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import { itKeepsTheTiersTrue } from '../support/fetch-cases';
import type { Tiers } from '../support/fetch-rig';
import { freshMarket, TestRedis } from '../support/redis';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

describe('a worker on Redis and Postgres', () => {
  const servers = new TestRedis();
  const clock = new SystemClock();
  let database: ScratchDatabase;
  let window: RedisCandleWindow;
  let tiers: Tiers;

  beforeAll(async () => {
    database = await createScratchDatabase();
    const pool = database.connect();
    await migrateCandleStore(pool, silentLogger);
    const store = new PostgresCandleStore(pool);
    window = new RedisCandleWindow(servers.cache(), clock);
    tiers = { store, window, clock, pass: () => clock.sleep(5) };
  });
  afterAll(async () => {
    await window.close();
    servers.close();
    await database.drop();
  });

  itKeepsTheTiersTrue(() => tiers, freshMarket);
});
