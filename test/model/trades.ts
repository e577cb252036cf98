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

export function tallyOf({ atMs, storedMs, price, volume }: Trade): Tally {
  const amounts = { volume, turnover: price * volume, storedMs };
  return {
    firstMs: atMs,
    open: price,
    lastMs: atMs,
    close: price,
    high: price,
    low: price,
    ...amounts,
  };
}

/** Both together; the order of the two does not matter. */
export function mergeTallies(a: Tally | undefined, b: Tally | undefined): Tally | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const [early, late] = a.firstMs <= b.firstMs ? [a, b] : [b, a];
  const last = a.lastMs > b.lastMs ? a : b;
  return {
    ...{ firstMs: early.firstMs, open: early.open, lastMs: last.lastMs, close: last.close },
    high: Math.max(early.high, late.high),
    low: Math.min(early.low, late.low),
    volume: early.volume + late.volume,
    turnover: early.turnover + late.turnover,
    storedMs: Math.max(early.storedMs, late.storedMs),
  };
}

export function tallyAll(trades: readonly Trade[]): Tally | undefined {
  return trades.reduce<Tally | undefined>(
    (sum, trade) => mergeTallies(sum, tallyOf(trade)),
    undefined,
  );
}
