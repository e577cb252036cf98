import { type Candle, Coverage, type Provenance } from '@candlekeep/market';

/**
 * A sight of the rows that may still change: the forming candle and those closed less than `SETTLE_MS` ago. Complete for
 * all opens at or after `fromMs`, as the exchange showed them at `seenAtMs`.
 */
export interface Head {
  /** The settled edge of that read: everything that opens earlier was final by the exchange's own clock. */
  readonly fromMs: number;
  /** When the exchange was asked, epoch ms by the cache server's clock. */
  readonly seenAtMs: number;
  /** Oldest first. */
  readonly rows: readonly Candle[];
  readonly provenance: Provenance;
}

/** What is known for one query. */
export interface KnownCandles {
  /** Opens for which every existing candle is known and final. */
  readonly coverage: Coverage;
  /** Final rows inside `coverage`, newest first, from the query's bound down, at most as many as were asked. */
  readonly rows: readonly Candle[];
  readonly head?: Head;
}

/**
 * What L1 shows at one moment, its head cut to what lies beyond its own final rows. There, a head is never older than finals that
 * reach past it; its edge may be, after a clock was set back. Any closed knowledge that reaches further is younger than it.
 */
export function withSettledHead<Known extends KnownCandles>(known: Known): Known {
  const { coverage, head } = known;
  const reachedMs = coverage.ranges.at(-1)?.untilMs ?? 0;
  if (head === undefined || reachedMs <= head.fromMs) return known;
  const rows = head.rows.filter(({ openMs }) => openMs >= reachedMs);
  return { ...known, head: { ...head, fromMs: reachedMs, rows } };
}

/** What two tiers know together: final rows of both (newest first, no open twice; the store's word counts), the head of L1. */
export function joinKnown(
  window: KnownCandles,
  stored: Pick<KnownCandles, 'coverage' | 'rows'>,
): KnownCandles {
  const byOpen = new Map([...window.rows, ...stored.rows].map((row) => [row.openMs, row]));
  return {
    ...window,
    coverage: window.coverage.union(stored.coverage),
    rows: [...byOpen.values()].sort((a, b) => b.openMs - a.openMs),
  };
}
