import { type Candle, Coverage, type Provenance, type Timeframe } from '@candlekeep/market';
import type { CandlePage } from './candle-page';
import { retainedFromMs } from './retention';
import { includesOpen, type SeriesKnowledge, VERIFIED_AFTER_MS } from './series-knowledge';

/** A row as it is stored. */
export interface StoredCandle {
  readonly candle: Candle;
  readonly provenance: Provenance;
  /** When the exchange was first seen to show this text, epoch ms; of a fold: when it was made. */
  readonly readAtMs: number;
}

/** What is stored where a page lies. */
export interface StoredStretch {
  readonly known: SeriesKnowledge;
  /** The rows inside the page's covered range, from the page's first row on. */
  readonly rows: readonly StoredCandle[];
  /** Slots before that whose rows are in doubt: the page covers them and lacks them all. A few more do no harm. */
  readonly lackedBefore: Coverage;
}

/** A stored final row that a newer native read showed otherwise. */
export interface Correction {
  readonly openMs: number;
  /** What was stored; undefined where the slot was held to be empty. */
  readonly stored?: Candle;
  /** How the stored knowledge had come to be. */
  readonly was: Provenance;
}

/**
 * No call takes longer, ms. A stamp that lies further ahead of a page than this is none from a call that overtook it, but from a clock
 * that was set back since; what the exchange shows now is newer then.
 */
const CALL_MS = 60_000;

/** What saving a page comes to. */
export type PageMerge =
  /** The stored row at `openMs` was read later than the page and differs: the page must not be kept. */
  | { readonly kind: 'outdated'; readonly openMs: number }
  | {
      readonly kind: 'merged';
      /** Rows to write, new or in place of the stored ones; oldest first. */
      readonly writes: readonly Candle[];
      /** How many of them lie in slots that were unknown. */
      readonly inserted: number;
      readonly corrections: readonly Correction[];
      readonly known: SeriesKnowledge;
    };

/**
 * Decides what a page changes. A native page replaces what differs and makes its range native; a folded or streamed page adds what is
 * unknown and touches nothing else. A stored row that the page lacks stays, with all doubt about it.
 */
export function mergePage(stored: StoredStretch, page: CandlePage): PageMerge {
  return page.provenance === 'native' ? mergeNative(stored, page) : mergeUnknown(stored, page);
}

function mergeUnknown({ known }: StoredStretch, page: CandlePage): PageMerge {
  const news = Coverage.of([page.covered]).subtract(known.ranges);
  const writes = page.rows.filter(({ openMs }) => includesOpen(news, openMs));
  const origin = page.provenance === 'fold' ? 'folded' : 'streamed';
  return {
    kind: 'merged',
    writes,
    inserted: writes.length,
    corrections: [],
    known: { ...known, ranges: known.ranges.union(news), [origin]: known[origin].union(news) },
  };
}

function mergeNative(stored: StoredStretch, page: CandlePage): PageMerge {
  const byOpen = new Map(stored.rows.map((row) => [row.candle.openMs, row]));
  const writes: Candle[] = [];
  const corrections: Correction[] = [];
  let inserted = 0;
  for (const row of page.rows) {
    const before = byOpen.get(row.openMs) ?? emptySlot(stored.known, row.openMs);
    const verdict = judgeRow(row, before, page.readAtMs);
    if (verdict === 'outdated') return { kind: 'outdated', openMs: row.openMs };
    if (verdict !== 'same') writes.push(row);
    if (before === undefined) inserted += 1;
    else if (verdict === 'corrected') corrections.push(correctionOf(row.openMs, before));
  }
  const known = nativeKnowledge(stored, page, corrections);
  return { kind: 'merged', writes, inserted, corrections, known };
}

/** A slot of which it is known that nothing was traded. */
type EmptySlot = Pick<StoredCandle, 'provenance'>;

/** Undefined when nothing is known of the slot. */
function emptySlot(known: SeriesKnowledge, openMs: number): EmptySlot | undefined {
  if (!includesOpen(known.ranges, openMs)) return undefined;
  if (includesOpen(known.folded, openMs)) return { provenance: 'fold' };
  return { provenance: includesOpen(known.streamed, openMs) ? 'stream' : 'native' };
}

function judgeRow(
  row: Candle,
  before: StoredCandle | EmptySlot | undefined,
  readAtMs: number,
): 'new' | 'same' | 'confirmed' | 'corrected' | 'outdated' {
  if (before === undefined) return 'new';
  if (!('candle' in before)) return 'corrected';
  const isNative = before.provenance === 'native';
  if (isSameCandle(row, before.candle)) return isNative ? 'same' : 'confirmed';
  const aheadMs = before.readAtMs - readAtMs;
  return isNative && aheadMs > 0 && aheadMs <= CALL_MS ? 'outdated' : 'corrected';
}

function correctionOf(openMs: number, before: StoredCandle | EmptySlot): Correction {
  const was = before.provenance;
  return 'candle' in before ? { openMs, stored: before.candle, was } : { openMs, was };
}

/**
 * A page's range is native, except for slots whose stored row it lacks; what of it is old enough is verified, and what the exchange
 * still keeps: about what it has forgotten it says nothing. A slot that was
 * corrected by a read too soon after its close is in doubt again, whatever was held of it before.
 */
function nativeKnowledge(
  { known, rows, lackedBefore }: StoredStretch,
  page: CandlePage,
  corrections: readonly Correction[],
): SeriesKnowledge {
  const { timeframe } = page.series;
  const covered = Coverage.of([page.covered]);
  const shown = new Set(page.rows.map(({ openMs }) => openMs));
  const lacked = rows.map(({ candle }) => candle).filter(({ openMs }) => !shown.has(openMs));
  const proven = covered.subtract(slotsOf(timeframe, lacked)).subtract(lackedBefore);
  const shownFor = {
    fromMs: retainedFromMs(timeframe, page.readAtMs),
    untilMs: timeframe.floor(page.readAtMs - VERIFIED_AFTER_MS),
  };
  return {
    ranges: known.ranges.union(covered),
    folded: known.folded.subtract(proven),
    streamed: known.streamed.subtract(proven),
    verified: known.verified
      .subtract(slotsOf(timeframe, corrections))
      .union(proven.intersect(shownFor)),
  };
}

/** The slots of these opens. */
export function slotsOf(timeframe: Timeframe, opens: readonly Pick<Candle, 'openMs'>[]): Coverage {
  return Coverage.of(
    opens.map(({ openMs }) => ({ fromMs: openMs, untilMs: timeframe.closeOf(openMs) })),
  );
}

function isSameCandle(a: Candle, b: Candle): boolean {
  return (
    a.timestampMs === b.timestampMs &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume &&
    a.turnover === b.turnover &&
    a.daily?.previousClose === b.daily?.previousClose &&
    a.daily?.change === b.daily?.change &&
    a.daily?.changeRate === b.daily?.changeRate
  );
}
