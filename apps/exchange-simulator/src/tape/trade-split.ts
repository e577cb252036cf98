import type { HashSequence } from './hash-sequence';
import type { RecordedMinute } from './recording';

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
 * Splits a recorded minute into trades: the first at its open, the last at its close, its high and low touched, volumes
 * that sum to its volume and prices whose volume-weighted sum comes to its turnover, to the last tick.
 *
 * Corners take little; the bulk is dealt at the two neighbouring ticks between which the mean price of what is left lies.
 */
export function splitIntoDeals(minute: RecordedMinute, tick: bigint, draw: HashSequence): Deal[] {
  const { open, close, high, low, volume } = minute;
  if (high === low) return spread({ price: open, volume }, minute, draw);
  const middle = [high, low].filter((price) => price !== open && price !== close);
  const corners = [open, ...middle, close];
  const wantedTicks = (minute.turnover * 10n ** 8n) / tick;
  const plan = (part: bigint): BulkPlan =>
    planBulk(corners, volume / part || 1n, minute, wantedTicks);
  const { cornerVolume, bulk } =
    CORNER_PARTS.map(plan).find(({ isReachable }) => isReachable) ?? plan(FINEST_PART);
  const between = [
    ...middle.map((price) => ({ price, volume: cornerVolume })),
    ...bulk.flatMap((deal) => spread(deal, minute, draw)),
  ];
  return [
    { price: open, volume: cornerVolume },
    ...draw.shuffled(between),
    { price: close, volume: cornerVolume },
  ];
}

interface BulkPlan {
  readonly cornerVolume: bigint;
  readonly bulk: readonly Deal[];
  /** Whether the minute's turnover comes out exactly; if not, the bulk lies at the nearest possible price. */
  readonly isReachable: boolean;
}

/** Solves `upper + lower = rest` and `upper × (q + 1) + lower × q = ticks left above the low` for the two volumes. */
function planBulk(
  corners: readonly number[],
  cornerVolume: bigint,
  { low, high, volume }: RecordedMinute,
  wantedTicks: bigint,
): BulkPlan {
  const rest = volume - BigInt(corners.length) * cornerVolume;
  const cornerTicks = corners.reduce((sum, price) => sum + BigInt(price - low), 0n) * cornerVolume;
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
  return { cornerVolume, bulk: bulk.filter((deal) => deal.volume > 0n), isReachable };
}

/** Deals in pairs of equal volume at equal distance above and below the price, so that the mean stays where it is. */
function spread(deal: Deal, { low, high }: RecordedMinute, draw: HashSequence): Deal[] {
  const pairs = draw.below(MOST_PAIRS + 1);
  const each = deal.volume / BigInt(2 * pairs + 1);
  if (each === 0n) return [deal];
  const reach = Math.min(deal.price - low, high - deal.price);
  const deals = Array.from({ length: pairs }, () => draw.below(reach + 1)).flatMap((distance) => [
    { price: deal.price - distance, volume: each },
    { price: deal.price + distance, volume: each },
  ]);
  return [{ price: deal.price, volume: deal.volume - 2n * BigInt(pairs) * each }, ...deals];
}
