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
  /** When the rows were read, by the exchange's own clock. */
  readonly readAt: ReadInstant;
}

/** An instant that is known up to a span: a `Date` header in whole seconds, and an answer that was some time on its way. */
export interface ReadInstant {
  /** No row is younger knowledge than this, epoch ms. */
  readonly earliestMs: number;
  /** No row is older knowledge than this, epoch ms. */
  readonly latestMs: number;
}

const DATE_STEP_MS = 1_000;

/** How a page was read: by the clock of the exchange, and by one of ours to hold it against. */
export interface PageReading {
  /** The answer's `Date`, epoch ms. */
  readonly dateMs: number;
  /** When the exchange was asked, by the cache server's clock, epoch ms. */
  readonly askedMs: number;
  /** From question to answer, ms. */
  readonly tookMs: number;
}

/**
 * The instant of a read. The rows may be older than the `Date` header by the whole way, and younger by the second that the header
 * cuts off. The cache server's clock has a say as well, so that a header from the future makes nothing final: final is what both
 * clocks call settled.
 */
export function readInstant({ dateMs, askedMs, tookMs }: PageReading): ReadInstant {
  return {
    earliestMs: Math.min(dateMs - tookMs, askedMs),
    latestMs: Math.max(dateMs + DATE_STEP_MS, askedMs) + tookMs,
  };
}

/** What a page proves. */
export interface PageEvidence {
  readonly series: Series;
  /** Opens of which every existing candle is now known and final; possibly empty. */
  readonly covered: TimeRange;
  /** The final rows, oldest first, all inside `covered`. */
  readonly finals: readonly Candle[];
  /** Whether `covered` says that there is nothing older than the page: worth a second look before it is believed. */
  readonly claimsBeginning: boolean;
  /** The rows that may still change, when the page reached the present. */
  readonly head?: { readonly fromMs: number; readonly rows: readonly Candle[] };
}

/**
 * Judges a page: a full page proves everything from its oldest row up; a short one claims that history begins with it
 * (`claimsBeginning`). Nothing that closed less than {@link SETTLE_MS} before the read is proven. A newest page without any row
 * proves nothing for good: it is a sight of the present (`head` from 0 on) and no more.
 */
export function judgePage(page: ExchangePage): PageEvidence {
  const { series, candles, readAt } = page;
  const { timeframe } = series;
  const settledMs = timeframe.floor(readAt.earliestMs - SETTLE_MS);
  const toMs = page.toMs ?? Infinity;
  const reachesPresent = toMs > timeframe.floor(readAt.latestMs);
  if (reachesPresent && candles.length === 0) return sightOfNothing(series);
  const claimsBeginning = candles.length < page.requested;
  const covered = {
    fromMs: claimsBeginning ? 0 : (candles[0]?.openMs ?? 0),
    untilMs: Math.min(toMs, settledMs),
  };
  const finals = candles.filter(({ openMs }) => openMs < covered.untilMs);
  // A page that does not reach the settled edge speaks for its own rows only.
  const headFromMs = Math.max(settledMs, covered.fromMs);
  const rows = candles.filter(({ openMs }) => openMs >= headFromMs);
  const head = reachesPresent ? { head: { fromMs: headFromMs, rows } } : {};
  return { series, covered, finals, claimsBeginning, ...head };
}

/** What can be said of a series that shows no candle at all: that it showed none now. */
export function sightOfNothing(series: Series): PageEvidence {
  const head = { fromMs: 0, rows: [] };
  return { series, covered: { fromMs: 0, untilMs: 0 }, finals: [], claimsBeginning: false, head };
}
