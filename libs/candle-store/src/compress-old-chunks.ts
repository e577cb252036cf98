import { unlessAborted } from '@candlekeep/clock';
import { detectTimescale, LockTimedOut, type Pool, withAdvisoryLock } from '@candlekeep/postgres';
import { CORRECTION_WINDOW } from './hypertable';

/** Long enough for whoever has just finished; whoever is at it needs minutes. */
const WAIT_MS = 1_000;

const OLD_CHUNKS = `
  SELECT format('%I.%I', chunk_schema, chunk_name) AS name
    FROM timescaledb_information.chunks
   WHERE hypertable_schema = current_schema() AND hypertable_name = 'candles'
     AND range_end < now() - ${CORRECTION_WINDOW}
   ORDER BY range_end DESC`;

/** Packs what is not packed yet, and rows that were written into a packed chunk since. */
const COMPRESS = 'SELECT compress_chunk($1::regclass, if_not_compressed => true)';

/**
 * Packs all chunks that are past correction, one transaction each, the newest first, for servers whose own background jobs do not
 * run. Resolves with the number of old chunks: 0 on a server without TimescaleDB, or when another process is at it. It may take minutes;
 * rejects with the signal's reason as soon as that is aborted, and the server ends the chunk that it is at.
 */
export async function compressOldChunks(pool: Pool, signal?: AbortSignal): Promise<number> {
  try {
    return await withAdvisoryLock(
      pool,
      { name: 'candlekeep:compress', waitMs: WAIT_MS },
      async (client) => {
        const timescale = await detectTimescale(client);
        if (timescale.kind !== 'installed') return 0;
        const { rows } = await client.query<{ name: string }>(OLD_CHUNKS);
        for (const { name } of rows) {
          signal?.throwIfAborted();
          await unlessAborted(client.query(COMPRESS, [name]), signal);
        }
        return rows.length;
      },
    );
  } catch (error) {
    if (error instanceof LockTimedOut) return 0;
    throw error;
  }
}
