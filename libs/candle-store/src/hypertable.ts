import { detectTimescale, type Pool, withAdvisoryLock } from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/**
 * 30 days: 43,200 one-minute rows a market at about 200 bytes, so 300 markets fill a chunk of 2.6 GB, while one-day chunks
 * would make thousands of tiny tables. Reads go by the primary key, so the default index on time is left out.
 */
const CONVERT = `
  SELECT create_hypertable('candles', 'open_time', chunk_time_interval => INTERVAL '30 days',
                           create_default_indexes => false, if_not_exists => true,
                           migrate_data => true)`;

/**
 * Turns `candles` into a hypertable where the server has TimescaleDB. A server that has it but does not let us use it
 * (no right to create the extension, not preloaded) keeps the plain table, which answers the same: one line in the log.
 */
export async function preferHypertable(pool: Pool, log: Logger): Promise<void> {
  try {
    await withAdvisoryLock(pool, { name: 'candlekeep:hypertable' }, async (client) => {
      const timescale = await detectTimescale(client);
      if (timescale.kind === 'absent') return;
      if (timescale.kind === 'available') await client.query('CREATE EXTENSION timescaledb');
      await client.query(CONVERT);
      log.info(`candles are kept in a hypertable (TimescaleDB ${timescale.version})`);
    });
  } catch (error) {
    log.warn('TimescaleDB cannot be used, candles stay in a plain table: let a DBA create it', {
      error,
    });
  }
}
