import type { HashSequence } from './hash-sequence';
import type { RecordedMinute } from './recording';

/** Amounts count so many parts of their currency. */
const ONE = 10n ** 8n;

/** One trade without its moment: price in ticks, volume in 10^-8. */
export interface Deal {
  readonly price: number;
  readonly volume: bigint;
}

/** A corner trade takes one such part of the minute's volume; the finer parts are for minutes traded almost wholly at one extreme. */
const CORNER_PARTS = [24n, 1_000n];
const FINEST_PART = 1_000_000n;
const MOST_PAIRS = 4;

/**
 * The least volume (10^-8) whose product with any price of this tick comes out even in 10^-8 of the quote currency: 1 for whole
 * ticks, 10 for a tick of 0.1. Volumes that are multiples of it need no rounding.
 */
export function evenVolume(tick: bigint): bigint {
  let [larger, smaller] = [ONE, tick];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return ONE / larger;
}

/**
 * Splits a recorded minute into trades: the first at its open, the last at its close, its high and low touched, volumes
 * that sum to its volume and products of price and volume that sum to its turnover, if that can be reached, or come near it.
 *
 * Corners take little; the bulk is dealt at the two neighbouring ticks between which the mean price of what is left lies.
 */
export function splitIntoDeals(minute: RecordedMinute, tick: bigint, draw: HashSequence): Deal[] {
  const { open, close, high, low, volume } = minute;
  const pairing = { low, high, even: evenVolume(tick), draw };
  if (high === low) return spread({ price: open, volume }, pairing);
  const middle = [high, low].filter((price) => price !== open && price !== close);
  const prices = [open, ...middle, close];
  const wantedTicks = (minute.turnover * ONE) / tick;
  const plan = (part: bigint): Plan =>
    planBulk(cornersAt(prices, volume, { part, even: pairing.even }), minute, wantedTicks);
  const { corners, bulk } =
    CORNER_PARTS.map(plan).find(({ isReachable }) => isReachable) ?? plan(FINEST_PART);
  const between = [...corners.slice(1, -1), ...bulk.flatMap((deal) => spread(deal, pairing))];
  return [...corners.slice(0, 1), ...draw.shuffled(between), ...corners.slice(-1)];
}

/** A deal for each corner, of even volume. What is odd of the minute's volume goes where the price makes its product even. */
function cornersAt(
  prices: readonly number[],
  volume: bigint,
  { part, even }: { part: bigint; even: bigint },
): Deal[] {
  const each = floorTo(volume / part, even) || even;
  const evenPrice = prices.findIndex((price) => BigInt(price) % even === 0n);
  return prices.map((price, index) => ({
    price,
    volume: index === Math.max(0, evenPrice) ? each + (volume % even) : each,
  }));
}

interface Plan {
  readonly corners: readonly Deal[];
  readonly bulk: readonly Deal[];
  /** Whether the minute's turnover comes out exactly; if not, the bulk lies at the nearest possible price. */
  readonly isReachable: boolean;
}

/** Solves `upper + lower = rest` and `upper × (q + 1) + lower × q = ticks left above the low` for the two volumes. */
function planBulk(
  corners: readonly Deal[],
  { low, high, volume }: RecordedMinute,
  wantedTicks: bigint,
): Plan {
  const rest = corners.reduce((left, corner) => left - corner.volume, volume);
  const cornerTicks = corners.reduce(
    (sum, corner) => sum + BigInt(corner.price - low) * corner.volume,
    0n,
  );
  const wanted = wantedTicks - BigInt(low) * volume - cornerTicks;
  const most = BigInt(high - low) * rest;
  const isReachable = wanted >= 0n && wanted <= most;
  const ticksAbove = isReachable ? wanted : wanted < 0n ? 0n : most;
  const price = low + Number(ticksAbove / rest);
  const upper = ticksAbove % rest;
  const bulk = [
    { price, volume: rest - upper },
    { price: price + 1, volume: upper },
  ];
  return { corners, bulk: bulk.filter((deal) => deal.volume > 0n), isReachable };
}

interface Pairing {
  readonly low: number;
  readonly high: number;
  readonly even: bigint;
  readonly draw: HashSequence;
}

/** Deals in pairs of equal volume at equal distance above and below the price, so that the mean stays where it is. */
function spread(deal: Deal, { low, high, even, draw }: Pairing): Deal[] {
  const pairs = draw.below(MOST_PAIRS + 1);
  const each = floorTo(deal.volume / BigInt(2 * pairs + 1), even);
  if (each === 0n) return [deal];
  const reach = Math.min(deal.price - low, high - deal.price);
  const deals = Array.from({ length: pairs }, () => draw.below(reach + 1)).flatMap((distance) => [
    { price: deal.price - distance, volume: each },
    { price: deal.price + distance, volume: each },
  ]);
  return [{ price: deal.price, volume: deal.volume - 2n * BigInt(pairs) * each }, ...deals];
}

function floorTo(value: bigint, step: bigint): bigint {
  return value - (value % step);
}
