import { type Candle, Coverage } from '@candlekeep/market';

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
}

/** What is known for one query. */
export interface KnownCandles {
  /** Opens for which every existing candle is known and final. */
  readonly coverage: Coverage;
  /** Final rows inside `coverage`, newest first, from the query's bound down, at most as many as were asked. */
  readonly rows: readonly Candle[];
  readonly head?: Head;
}

/** What two tiers know together: final rows of both (newest first, no open twice), the head of the first. */
export function joinKnown(
  first: KnownCandles,
  second: Pick<KnownCandles, 'coverage' | 'rows'>,
): KnownCandles {
  const byOpen = new Map([...second.rows, ...first.rows].map((row) => [row.openMs, row]));
  return {
    ...first,
    coverage: first.coverage.union(second.coverage),
    rows: [...byOpen.values()].sort((a, b) => b.openMs - a.openMs),
  };
}
