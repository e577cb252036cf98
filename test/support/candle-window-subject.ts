import {
  type CandleWindow,
  LATEST_MS,
  type PageEvidence,
  type WindowQuery,
  type WindowSight,
} from '@candlekeep/candle-cache';
import type { Candle, Provenance, Series, TimeRange } from '@candlekeep/market';
import { recordedCandles } from './recorded-candles';

/** A form of L1 under test, on a server of its own. */
export interface WindowSubject {
  /** Windows that were opened with equal options see the same data. */
  open(options?: { readonly maxRows?: number; readonly maxBytes?: number }): CandleWindow;
  /** Sets the cache server's clock. It stands still otherwise. */
  moveTo(nowMs: number): Promise<void>;
  /** Loses every window. */
  clear(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Real minutes of one market, without a hole. */
export const ONE_MINUTE_ROWS = recordedCandles('upbit_KRW-DOGE_1m_20250901_20251004').slice(
  0,
  2_000,
);
const START_MS = ONE_MINUTE_ROWS[0]?.openMs ?? 0;

/** The open of the `index`-th minute of {@link ONE_MINUTE_ROWS}. */
export function minute(index: number): number {
  return START_MS + index * MINUTE_MS;
}

/** The rows of a range, oldest first. */
export function rowsIn({ fromMs, untilMs }: TimeRange): readonly Candle[] {
  return ONE_MINUTE_ROWS.filter(({ openMs }) => openMs >= fromMs && openMs < untilMs);
}

/** What a page of the minutes from `from` up to and without `until` proves. */
export function page(series: Series, from: number, until: number): PageEvidence {
  const covered = { fromMs: minute(from), untilMs: minute(until) };
  return { series, covered, finals: rowsIn(covered), claimsBeginning: false };
}

/** A sight of the head at minute `index`, and no finals. */
export function headAt(series: Series, index: number): PageEvidence {
  const head = {
    fromMs: minute(index),
    rows: rowsIn({ fromMs: minute(index), untilMs: minute(index + 1) }),
  };
  return { ...page(series, index, index), head };
}

/** The origin of a page that the store holds under `revision`. */
export function saved(revision = 1): {
  seenAtMs: number;
  revision: number;
  provenance: Provenance;
} {
  return { seenAtMs: 0, revision, provenance: 'native' };
}

/** The sight of one query; its default: the newest ten rows. */
export async function sightOf(
  window: CandleWindow,
  query: Partial<WindowQuery> & Pick<WindowQuery, 'series'>,
): Promise<WindowSight> {
  const [sight] = await window.read([{ beforeMs: LATEST_MS, limit: 10, ...query }]);
  if (sight === undefined) throw new Error('a window gave no sight for a query');
  return sight;
}
