import { KeyBook, KnownKeys, migrateAccess } from '@candlekeep/access';
import { SystemClock } from '@candlekeep/clock';
import { createPool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { waitFor } from '../support/app-process';
import { LogRecorder } from '../support/log-recorder';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const clock = new SystemClock();

describe('the keys that programs ask with', () => {
  let database: ScratchDatabase;
  let book: KeyBook;

  beforeAll(async () => {
    database = await createScratchDatabase();
    const pool = database.connect();
    await Promise.all([migrateAccess(pool, silentLogger), migrateAccess(pool, silentLogger)]);
    book = new KeyBook(pool);
  });

  afterAll(async () => {
    await database.drop();
  });

  it('are kept with everything but their secret', async () => {
    const { key, text } = await book.create({ name: 'bots', scope: 'admin', rowsPerMinute: 7 });
    expect(key).toMatchObject({
      ...{ name: 'bots', scopes: ['read', 'admin'], rowsPerMinute: 7 },
      ...{ revokedAtMs: undefined, lastUsedAtMs: undefined },
    });
    expect(await book.list()).toEqual([key]);
    const { rows } = await database.connect().query('SELECT api_keys::text AS row FROM api_keys');
    const secret = text.slice(`ck_${key.id}_`.length);
    const kept = JSON.stringify(rows);
    expect(kept).toContain(key.id);
    for (const form of ['utf8', 'hex', 'base64'] as const) {
      expect(kept).not.toContain(Buffer.from(secret).toString(form));
    }
  });

  it('are made and revoked once, and known so by others soon after', async () => {
    const [here, there] = [0, 1].map(() => new KnownKeys({ book, clock, log: silentLogger }));
    await Promise.all([here!.start(), there!.start()]);
    const { key, text } = await here!.create({ name: 'charts' });
    expect(here!.find(text)?.principal).toMatchObject({ id: key.id, scopes: ['read'] });
    await waitFor(() => {
      expect(there!.find(text)).toBeDefined();
    }, 10_000);
    expect(await here!.revoke(key.id)).toMatchObject({ id: key.id });
    expect(here!.find(text)).toBeUndefined();
    await waitFor(() => {
      expect(there!.find(text)).toBeUndefined();
    }, 10_000);
    expect(await there!.revoke(key.id)).toBeUndefined();
    await Promise.all([here!.close(), there!.close()]);
  });

  it('say when they were used last', async () => {
    const keys = new KnownKeys({ book, clock, log: silentLogger });
    await keys.start();
    const { key, text } = await keys.create({ name: 'used' });
    keys.find(text);
    const used = (await keys.list()).find(({ id }) => id === key.id);
    expect(used?.lastUsedAtMs).toBeGreaterThanOrEqual(key.createdAtMs);
    await keys.close();
  });

  it('go on to work as they are known while Postgres is away, which is told once', async () => {
    const pool = createPool({
      ...{ url: database.url, applicationName: 'access-away', onError: () => undefined },
    });
    const log = new LogRecorder();
    const keys = new KnownKeys({ book: new KeyBook(pool), clock, log });
    await keys.start();
    const { text } = await keys.create({ name: 'steady' });
    const before = keys.reading;
    await pool.end();
    await waitFor(() => {
      expect(log.lines).toHaveLength(1);
    });
    await clock.sleep(1_100);
    expect(keys.find(text)).toBeDefined();
    expect(keys.reading).toBe(before);
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
    await expect(keys.create({ name: 'late' })).rejects.toMatchObject({
      ...{ code: 'ACCESS_UNAVAILABLE', retryable: true },
    });
    await keys.close();
  });
});
