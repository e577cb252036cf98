import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { createScratchStore } from '../support/candle-store/scratch-store';
import { itKeepsTheTiersTrue } from '../support/fetch-cases';
import type { Tiers } from '../support/fetch-rig';
import { freshMarket, TestRedis } from '../support/redis';
import type { ScratchDatabase } from '../support/scratch-database';

describe('a worker on Redis and Postgres', () => {
  const servers = new TestRedis();
  const clock = new SystemClock();
  let database: ScratchDatabase;
  let window: RedisCandleWindow;
  let tiers: Tiers;

  beforeAll(async () => {
    const scratch = await createScratchStore();
    database = scratch.database;
    window = new RedisCandleWindow(servers.cache(), clock);
    tiers = { store: scratch.store, window, clock, pass: () => clock.sleep(5) };
  });
  afterAll(async () => {
    await window.close();
    servers.close();
    await database.drop();
  });

  itKeepsTheTiersTrue(() => tiers, freshMarket);
});
