import fc from 'fast-check';
import { TrueMarket, type TrueTrade } from './true-market';

/** How one trade follows the one before. */
interface DrawnTrade {
  readonly afterMs: number;
  /** From execution to storage, ms. */
  readonly storedAfterMs: number;
  readonly ticks: number;
  readonly lots: number;
  readonly isOvertaken: boolean;
}

const OVERTAKEN_BY_MS = 20;
/** Close enough for the next trade to overtake this one, ms. */
const OVERTAKEN_WITHIN_MS = 900;

const drawnTrade = (mostLots: number): fc.Arbitrary<DrawnTrade> =>
  fc.record({
    afterMs: fc.oneof(
      { weight: 4, arbitrary: fc.nat(900) },
      { weight: 4, arbitrary: fc.nat(20_000) },
      { weight: 1, arbitrary: fc.nat(200_000) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    storedAfterMs: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 3, max: 63 }) },
      { weight: 1, arbitrary: fc.nat(1_900) },
    ),
    ticks: fc.integer({ min: 1, max: 12 }),
    lots: fc.integer({ min: 1, max: mostLots }),
    isOvertaken: fc.boolean(),
  });

/** Some minutes of a market of few prices and, unless said, few volumes, so that what is not equal often looks it. Begins at `startMs`. */
export function drawnMarket(startMs: number, mostLots = 4): fc.Arbitrary<TrueMarket> {
  const trades = fc.array(drawnTrade(mostLots), { minLength: 10, maxLength: 60, size: 'max' });
  return trades.map((drawn) => new TrueMarket(overtaken(stored(drawn, startMs), drawn)));
}

function stored(drawn: readonly DrawnTrade[], startMs: number): TrueTrade[] {
  let [tradedAtMs, storedAtMs] = [startMs, startMs];
  return drawn.map((trade, index) => {
    tradedAtMs += trade.afterMs;
    storedAtMs = Math.max(storedAtMs, tradedAtMs + trade.storedAfterMs);
    return {
      id: BigInt(tradedAtMs) * 10_000n + BigInt(index),
      tradedAtMs,
      storedAtMs,
      sentAtMs: storedAtMs,
      price: BigInt(trade.ticks) * 1_000n * 10n ** 8n,
      volume: BigInt(trade.lots) * 10n ** 5n,
    };
  });
}

/** Lets some trades leave after the one that follows them. */
function overtaken(trades: readonly TrueTrade[], drawn: readonly DrawnTrade[]): TrueTrade[] {
  return trades.map((trade, index) => {
    const next = trades[index + 1];
    if (next === undefined || drawn[index]?.isOvertaken !== true) return trade;
    if (next.storedAtMs - trade.storedAtMs > OVERTAKEN_WITHIN_MS) return trade;
    return { ...trade, sentAtMs: next.storedAtMs + OVERTAKEN_BY_MS };
  });
}
