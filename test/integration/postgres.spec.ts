import { EventEmitter, once } from 'node:events';
import { unlessAborted } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import {
  createPool,
  detectTimescale,
  inTransaction,
  LockTimedOut,
  requireSupportedServer,
  withAdvisoryLock,
} from '@candlekeep/postgres';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

describe('postgres', () => {
  let database: ScratchDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    await pool.query('CREATE TABLE notes (text text)');
  });

  afterAll(async () => {
    await database.drop();
  });

  describe('the pool', () => {
    it('returns bigint as an exact number and numeric as the digits that were stored', async () => {
      const { rows } = await pool.query<Record<string, unknown>>(
        `SELECT 1773240059132::bigint AS ms, '17343033068679.96786000'::numeric AS turnover`,
      );
      expect(rows).toEqual([{ ms: 1773240059132, turnover: '17343033068679.96786000' }]);
    });

    it('throws on a bigint that a number cannot hold', async () => {
      await expect(pool.query(`SELECT 9007199254740993::bigint`)).rejects.toThrow(
        'bigint 9007199254740993 does not fit a number exactly',
      );
    });

    it('has a limit for every statement', async () => {
      const { rows } = await pool.query<Record<string, string>>(
        `SELECT current_setting('statement_timeout') AS statement,
                current_setting('idle_in_transaction_session_timeout') AS idle`,
      );
      expect(rows).toEqual([{ statement: '10s', idle: '10s' }]);
    });

    it('reports an idle connection that the server ends, and connects anew', async () => {
      const idle = new EventEmitter();
      const onError = (error: Error): void => void idle.emit('broken', error);
      const victim = createPool({ url: database.url, applicationName: 'victim', onError });
      const broken = once(idle, 'broken');
      const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await expect(broken).resolves.toMatchObject([
        { message: 'terminating connection due to administrator command' },
      ]);
      await expect(victim.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
      await victim.end();
    });
  });

  describe('a transaction', () => {
    it('keeps all of its work once it resolves', async () => {
      const result = await inTransaction(pool, async (client) => {
        await client.query(`INSERT INTO notes VALUES ('kept'), ('kept')`);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await countNotes(pool, 'kept')).toBe(2);
    });

    it('keeps none of its work when it rejects, and passes the error on', async () => {
      const failure = new Error('changed my mind');
      const work = inTransaction(pool, async (client) => {
        await client.query(`INSERT INTO notes VALUES ('dropped')`);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await countNotes(pool, 'dropped')).toBe(0);
    });

    it('survives the loss of its connection and gives the pool a sound one back', async () => {
      const work = inTransaction(pool, async (client) => {
        await client.query(`INSERT INTO notes VALUES ('lost')`);
        await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
      });
      await expect(work).rejects.toThrow('terminating connection');
      expect(await countNotes(pool, 'lost')).toBe(0);
    });
  });

  describe('an advisory lock', () => {
    it('lets one holder work at a time', async () => {
      let working = 0;
      let mostAtOnce = 0;
      const work = async (): Promise<void> => {
        working += 1;
        mostAtOnce = Math.max(mostAtOnce, working);
        await pool.query('SELECT pg_sleep(0.01)');
        working -= 1;
      };
      await Promise.all(
        Array.from({ length: 5 }, () => withAdvisoryLock(pool, { name: 'turns' }, work)),
      );
      expect(mostAtOnce).toBe(1);
    });

    it('is free again after a holder whose work or connection failed', async () => {
      const failed = withAdvisoryLock(pool, { name: 'frail' }, async (client) => {
        await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
      });
      await expect(failed).rejects.toThrow('terminating connection');
      await expect(
        withAdvisoryLock(pool, { name: 'frail' }, () => Promise.resolve('mine')),
      ).resolves.toBe('mine');
    });

    it('is left at once by who is told to stop, and free again when the server has done what it was at', async () => {
      const stop = new AbortController();
      const left = withAdvisoryLock(pool, { name: 'left' }, async (client) => {
        const working = unlessAborted(client.query("SELECT pg_sleep(2), 'done'"), stop.signal);
        stop.abort(new Error('the worker stops'));
        await working;
      });
      await expect(left).rejects.toThrow('the worker stops');
      const isHeld = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)%' AND pid <> pg_backend_pid()",
      );
      expect(isHeld.rowCount).toBe(1);
      await expect(
        withAdvisoryLock(pool, { name: 'left' }, () => Promise.resolve('mine')),
      ).resolves.toBe('mine');
    });

    it('gives up with a clear error when its holder takes too long', async () => {
      const waiter = withAdvisoryLock(pool, { name: 'long' }, async () => {
        await withAdvisoryLock(pool, { name: 'long', waitMs: 20 }, () => Promise.resolve());
      });
      await expect(waiter).rejects.toThrow(LockTimedOut);
      await expect(waiter).rejects.toThrow('the lock "long" was held by another session for 20 ms');
    });
  });

  it('accepts the server of the tests and tells whether it has TimescaleDB', async () => {
    await inTransaction(pool, async (client) => {
      await expect(requireSupportedServer(client)).resolves.toBeUndefined();
      expect(['absent', 'available', 'installed']).toContain((await detectTimescale(client)).kind);
    });
  });
});

async function countNotes(pool: Pool, text: string): Promise<number> {
  const { rowCount } = await pool.query('SELECT FROM notes WHERE text = $1', [text]);
  return rowCount ?? 0;
}
