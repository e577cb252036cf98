import type { Candle, Series, TimeRange } from '@candlekeep/market';

/** How long after its close a candle may still change; a read at least this late is final. */
export const SETTLE_MS = 5_000;

/** One page as the exchange answered it. */
export interface ExchangePage {
  readonly series: Series;
  /** The `to` of the question, aligned to the timeframe; undefined when the newest rows were asked. */
  readonly toMs?: number;
  /** Rows asked for. */
  readonly requested: number;
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** When the exchange answered, by its own clock (`Date`), epoch ms. */
  readonly readAtMs: number;
}

/** What a page proves. */
export interface PageEvidence {
  readonly series: Series;
  /** Opens of which every existing candle is now known and final; possibly empty. */
  readonly covered: TimeRange;
  /** The final rows, oldest first, all inside `covered`. */
  readonly finals: readonly Candle[];
  /** The rows that may still change, when the page reached the present. */
  readonly head?: { readonly fromMs: number; readonly rows: readonly Candle[] };
}

/**
 * Judges a page: a full page proves everything from its oldest row up; a short one proves that history begins with it.
 * Nothing that closed less than {@link SETTLE_MS} before the read is proven.
 */
export function judgePage(page: ExchangePage): PageEvidence {
  const { series, candles, readAtMs } = page;
  const { timeframe } = series;
  const settledMs = timeframe.floor(readAtMs - SETTLE_MS);
  const toMs = page.toMs ?? Infinity;
  const isFull = candles.length >= page.requested;
  const covered = {
    fromMs: isFull ? (candles[0]?.openMs ?? 0) : 0,
    untilMs: Math.min(toMs, settledMs),
  };
  const finals = candles.filter(({ openMs }) => openMs < covered.untilMs);
  const reachesPresent = toMs > timeframe.floor(readAtMs);
  if (!reachesPresent) return { series, covered, finals };
  const rows = candles.filter(({ openMs }) => openMs >= settledMs);
  return { series, covered, finals, head: { fromMs: settledMs, rows } };
}
