import {
  type ClientBase,
  detectTimescale,
  type Pool,
  withAdvisoryLock,
} from '@candlekeep/postgres';
import type { Logger } from '@candlekeep/telemetry';

/**
 * 30 days: 43,200 one-minute rows a market at about 200 bytes, so 300 markets fill a chunk of 2.6 GB, while one-day chunks
 * would make thousands of tiny tables. Reads go by the primary key, so the default index on time is left out.
 */
const CONVERT = `
  SELECT create_hypertable('candles', 'open_time', chunk_time_interval => INTERVAL '30 days',
                           create_default_indexes => false, if_not_exists => true,
                           migrate_data => true)`;

/** A segment is one series, in the order of the primary key: a read unpacks only batches of its own series. */
const ENABLE_COLUMNSTORE = `
  ALTER TABLE candles SET (timescaledb.compress,
                           timescaledb.compress_segmentby = 'market, timeframe',
                           timescaledb.compress_orderby = 'open_time')`;

const IS_COLUMNSTORE = `
  SELECT compression_enabled AS enabled FROM timescaledb_information.hypertables
   WHERE hypertable_schema = current_schema() AND hypertable_name = 'candles'`;

/** Rows of chunks that ended this long ago are hardly ever corrected: writing to them is 10 to 100 times slower once packed. */
export const CORRECTION_WINDOW = "INTERVAL '30 days'";

const SCHEDULE = `SELECT add_compression_policy('candles', ${CORRECTION_WINDOW}, if_not_exists => true)`;

/**
 * Turns `candles` into a hypertable where the server has TimescaleDB, and lets it pack chunks that are past correction. A server
 * that has it but does not let us use it (no right to create the extension, not preloaded, an edition without the columnstore) keeps
 * what it can, which answers the same: one line in the log.
 */
export async function preferHypertable(pool: Pool, log: Logger): Promise<void> {
  await attempt(log, 'TimescaleDB cannot be used, candles stay in a plain table', () =>
    withAdvisoryLock(pool, { name: 'candlekeep:hypertable' }, async (client) => {
      const timescale = await detectTimescale(client);
      if (timescale.kind === 'absent') return;
      if (timescale.kind === 'available') await client.query('CREATE EXTENSION timescaledb');
      await client.query(CONVERT);
      log.info(`candles are kept in a hypertable (TimescaleDB ${timescale.version})`);
      await attempt(log, 'old candles stay unpacked', () => enableColumnstore(client));
    }),
  );
}

async function enableColumnstore(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ enabled: boolean }>(IS_COLUMNSTORE);
  if (rows[0]?.enabled !== true) await client.query(ENABLE_COLUMNSTORE);
  await client.query(SCHEDULE);
}

async function attempt(log: Logger, failure: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn(`${failure}: let a DBA look at the extension`, { error });
  }
}
