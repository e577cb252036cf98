import { type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import type { ClientBase } from '@candlekeep/postgres';
import { NOTHING_KNOWN } from './series-knowledge';
import { knowStatement, lockStatement, type SeriesRow } from './series-rows';
import { epochMsOf, timestamptz } from './timestamptz';

/** Rows a statement takes away: well within a statement's time limit. */
const PORTION_ROWS = 50_000;

/** Takes the oldest rows from $3 on and says where the next portion begins; null after the last. */
const REMOVE = `
  WITH rest AS (
    SELECT open_time FROM candles
     WHERE market = $1 AND timeframe = $2 AND open_time >= $3
     ORDER BY open_time OFFSET ${PORTION_ROWS} LIMIT 1
  ), gone AS (
    DELETE FROM candles
     WHERE market = $1 AND timeframe = $2 AND open_time >= $3
       AND open_time < coalesce((SELECT open_time FROM rest), 'infinity')
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) AS removed, (SELECT ${epochMsOf('open_time')} FROM rest) AS next_ms`;

/**
 * TimescaleDB by default ends a transaction that unpacks more than 100,000 packed rows; without TimescaleDB the name means nothing.
 */
const UNPACK_ALL = 'SET LOCAL timescaledb.max_tuples_decompressed_per_dml_transaction = 0';

/** A series that was forgotten: how many rows it had, and its new revision. */
export interface PurgedSeries {
  readonly series: Series;
  readonly rows: number;
  readonly revision: number;
}

/** Forgets every series of a market inside the client's transaction: rows, ranges, and whatever was made from them meanwhile. */
export async function purgeMarket(client: ClientBase, market: MarketCode): Promise<PurgedSeries[]> {
  await client.query(UNPACK_ALL);
  const lock = lockStatement(market, Timeframe.ALL, 'UPDATE');
  const locked = (await client.query<SeriesRow>(lock)).rows;
  const purged: PurgedSeries[] = [];
  for (const row of locked) {
    const series = { market, timeframe: Timeframe.parse(row.timeframe) };
    const rows = await removeAll(client, series);
    const known = await client.query<{ revision: number }>(
      knowStatement(series, NOTHING_KNOWN, true),
    );
    purged.push(...known.rows.map(({ revision }) => ({ series, rows, revision })));
  }
  return purged;
}

async function removeAll(client: ClientBase, series: Series): Promise<number> {
  let removed = 0;
  for (let fromMs: number | null = 0; fromMs !== null;) {
    const portion = await removePortion(client, series, fromMs);
    removed += portion.removed;
    fromMs = portion.next_ms;
  }
  return removed;
}

interface RemovedPortion {
  readonly removed: number;
  readonly next_ms: number | null;
}

async function removePortion(
  client: ClientBase,
  { market, timeframe }: Series,
  fromMs: number,
): Promise<RemovedPortion> {
  const values = [market, timeframe.code, timestamptz(fromMs)];
  const statement = { name: 'candle-store purge', text: REMOVE, values };
  const { rows } = await client.query<RemovedPortion>(statement);
  return rows[0] ?? { removed: 0, next_ms: null };
}
