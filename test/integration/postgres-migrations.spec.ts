import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate, MigrationFailed, type Pool, readMigrationState } from '@candlekeep/postgres';
import { type Logger, silentLogger } from '@candlekeep/telemetry';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

describe('migrations', () => {
  let database: ScratchDatabase;
  let pool: Pool;
  let directory: string;
  let lines: string[];
  let log: Logger;

  beforeEach(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    directory = await mkdtemp(path.join(tmpdir(), 'candlekeep-migrations-'));
    lines = [];
    log = { ...silentLogger, info: (line) => lines.push(line) };
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
    await database.drop();
  });

  const write = (name: string, sql: string): Promise<void> =>
    writeFile(path.join(directory, name), sql);

  it('run in the order of their numbers, once', async () => {
    await write('0002_second.sql', `INSERT INTO steps VALUES ('second');`);
    await write(
      '0001_first.sql',
      `CREATE TABLE steps (name text); INSERT INTO steps VALUES ('1');`,
    );
    await migrate(pool, { directory, log });
    await migrate(pool, { directory, log });
    expect(await steps(pool)).toEqual(['1', 'second']);
    expect(lines).toEqual(['migration 0001_first applied', 'migration 0002_second applied']);
  });

  it('run once when eight processes start at the same moment', async () => {
    // Slow enough that all eight are there before the first is done.
    await write('0001_slow.sql', `SELECT pg_sleep(0.3); CREATE TABLE steps (name text);`);
    await write('0002_mark.sql', `INSERT INTO steps VALUES ('once');`);
    const processes = Array.from({ length: 8 }, () => database.connect());
    await Promise.all(processes.map((own) => migrate(own, { directory, log })));
    expect(await steps(pool)).toEqual(['once']);
    expect(lines).toHaveLength(2);
  });

  it('leave nothing half done and name the one that failed', async () => {
    await write('0001_good.sql', `CREATE TABLE steps (name text);`);
    await write('0002_bad.sql', `INSERT INTO steps VALUES ('half'); SELECT 1 / 0;`);
    const failed = migrate(pool, { directory, log });
    await expect(failed).rejects.toThrow(MigrationFailed);
    await expect(failed).rejects.toThrow(
      `migration stopped at "0002_bad" in ${directory}: division by zero`,
    );
    expect(await steps(pool)).toEqual([]);
  });

  it('go on from the last good one when the cause is mended', async () => {
    await write('0001_good.sql', `CREATE TABLE steps (name text);`);
    await write('0002_later.sql', `INSERT INTO missing VALUES (1);`);
    await expect(migrate(pool, { directory, log })).rejects.toThrow('"missing" does not exist');
    await write('0002_later.sql', `INSERT INTO steps VALUES ('mended');`);
    await migrate(pool, { directory, log });
    expect(await steps(pool)).toEqual(['mended']);
  });

  it('say so when their folder is missing', async () => {
    const nowhere = path.join(directory, 'nowhere');
    await expect(migrate(pool, { directory: nowhere, log })).rejects.toThrow(MigrationFailed);
  });

  it('outlast the time-out of ordinary statements', async () => {
    const hasty = database.connect();
    hasty.options.statement_timeout = 100;
    hasty.options.query_timeout = 100;
    await write('0001_slow.sql', `SELECT pg_sleep(0.3);`);
    await expect(migrate(hasty, { directory, log })).resolves.toBeUndefined();
  });

  it('keep their list in a table of the given name', async () => {
    await write('0001_first.sql', `CREATE TABLE steps (name text);`);
    await migrate(pool, { directory, log, table: 'my_migrations' });
    const { rows } = await pool.query('SELECT name FROM my_migrations');
    expect(rows).toEqual([{ name: '0001_first' }]);
  });

  it.each([undefined, 'my_migrations'])(
    'can be compared with what ran (table %s)',
    async (table) => {
      const set = { directory, ...(table === undefined ? {} : { table }) };
      await write('0001_first.sql', `CREATE TABLE steps (name text);`);
      await write('0002_second.sql', `INSERT INTO steps VALUES ('second');`);
      const before = { pending: ['0001_first', '0002_second'], unknown: [] };
      expect(await readMigrationState(pool, set)).toEqual(before);
      await migrate(pool, { ...set, log });
      expect(await readMigrationState(pool, set)).toEqual({ pending: [], unknown: [] });
      await rm(path.join(directory, '0002_second.sql'));
      expect(await readMigrationState(pool, set)).toEqual({
        pending: [],
        unknown: ['0002_second'],
      });
    },
  );
});

async function steps(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM steps');
  return rows.map(({ name }) => name);
}
