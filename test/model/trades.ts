/** One trade as the exchange keeps it. */
export interface Trade {
  readonly atMs: number;
  /** From this instant on the exchange's candles include it. */
  readonly storedMs: number;
  /** Hundredths of the quote currency. */
  readonly price: number;
  /** Millionths of the base currency. */
  readonly volume: number;
}

/** What trades come to. Merging is exact: all amounts are whole numbers below 2^53. */
export interface Tally {
  readonly firstMs: number;
  readonly open: number;
  readonly lastMs: number;
  readonly close: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  /** Hundred-millionths of the quote currency. */
  readonly turnover: number;
  readonly storedMs: number;
}

function tallyOf({ atMs, storedMs, price, volume }: Trade): Tally {
  return {
    firstMs: atMs,
    open: price,
    lastMs: atMs,
    close: price,
    high: price,
    low: price,
    volume,
    turnover: price * volume,
    storedMs,
  };
}

/** Both together; the order of the two does not matter. */
export function mergeTallies(a: Tally | undefined, b: Tally | undefined): Tally | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const first = a.firstMs <= b.firstMs ? a : b;
  const last = a.lastMs > b.lastMs ? a : b;
  return {
    firstMs: first.firstMs,
    open: first.open,
    lastMs: last.lastMs,
    close: last.close,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    volume: a.volume + b.volume,
    turnover: a.turnover + b.turnover,
    storedMs: Math.max(a.storedMs, b.storedMs),
  };
}

export function tallyAll(trades: readonly Trade[]): Tally | undefined {
  return trades.reduce<Tally | undefined>(
    (sum, trade) => mergeTallies(sum, tallyOf(trade)),
    undefined,
  );
}
