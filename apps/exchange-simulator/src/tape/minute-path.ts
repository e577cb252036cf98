import { HashSequence } from './hash-sequence';
import type { Tape } from './tape';
import { TapeMemory } from './tape-memory';
import { splitIntoDeals, type Deal } from './trade-split';

const MINUTE_MS = 60_000;
/** No trade happens this early in a minute. */
const QUIET_START_MS = 400;
/** Trades before this moment are stored within the minute. */
const PUNCTUAL_END_MS = 59_800;
/** One minute in this many has a last tick that is stored after its close, about as often as in the exchange's 2020 rows. */
const LATE_EVERY = 7;
/** How far past the close most late ticks of the exchange's 2020 rows were stored, and the latest of all. */
const MOSTLY_LATE_MS = 348;
const MOST_LATE_MS = 1_881;
/** One late tick in this many may be as late as the latest. */
const VERY_LATE_EVERY = 20;
const LEAST_DELAY_MS = 3;
const DELAY_SPREAD_MS = 60;

/** Ids leave room for this many trades in one ms. */
const IDS_PER_MS = 10_000n;

/** Which side the taker was on: `BID` bought, `ASK` sold. */
export type TakerSide = 'ASK' | 'BID';

/** One trade of a minute. Prices count ticks, amounts 10^-8. */
export interface Trade extends Deal {
  /** `atMs` × 10,000 + its number among the trades of the same ms; beyond the integers that a double can tell apart. */
  readonly sequentialId: bigint;
  readonly side: TakerSide;
  /** When it happened, epoch ms: decides its second and its minute. */
  readonly atMs: number;
  /** When the exchange stored it, epoch ms: visible from then on. May lie past the minute's close. */
  readonly storedMs: number;
  /** Price × volume, exactly; but of a minute with a recorded turnover the last trade's is what makes up its sum. */
  readonly turnover: bigint;
}

/** Two of them grow; the rest are for who reads back by seconds. */
const MINUTES_KEPT = 64;
const kept = new TapeMemory<number, readonly Trade[]>(MINUTES_KEPT);

/** The trades of a minute in the order in which they happen and are stored; none when it is not traded. They follow from market and recorded minute alone. */
export function tradesOf(tape: Tape, minute: number): readonly Trade[] {
  return kept.recall(tape, minute, () => makeTrades(tape, minute));
}

function makeTrades(tape: Tape, minute: number): Trade[] {
  const recorded = tape.minuteAt(minute);
  if (recorded === undefined) return [];
  const { tick } = tape.recording;
  const { draw, last, delayMs } = drawRhythm(tape, minute);
  const deals = splitIntoDeals(recorded, tick, draw);
  const earlierEndMs = Math.min(last.at, PUNCTUAL_END_MS);
  const earlier = Array.from({ length: deals.length - 1 }, () => drawBefore(earlierEndMs, draw))
    .sort((a, b) => a - b)
    .map((at) => ({ at, stored: at + delayMs }));
  const heldUp = heldUpUntil(tape, minute);
  const moments = [...earlier, last].map(({ at, stored }) => ({
    atMs: minute * MINUTE_MS + at,
    storedMs: minute * MINUTE_MS + Math.max(stored, heldUp),
  }));
  const ids = idsOf(moments.map(({ atMs }) => atMs));
  const turnovers = turnoversOf(deals, tick, recorded.turnover);
  const sides = sidesOf(deals, draw);
  return moments.flatMap((moment, index) => {
    const [deal, side, sequentialId] = [deals[index], sides[index], ids[index]];
    if (deal === undefined || side === undefined || sequentialId === undefined) return [];
    return { ...deal, ...moment, turnover: turnovers[index] ?? 0n, side, sequentialId };
  });
}

/** When the last trade of a traded minute is stored, epoch ms: the `timestamp` of its candle. Far cheaper than all of its trades. */
export function lastStoredMs(tape: Tape, minute: number): number {
  const { stored } = drawRhythm(tape, minute).last;
  return minute * MINUTE_MS + Math.max(stored, heldUpUntil(tape, minute));
}

/** Ms within the minute. */
interface Moment {
  readonly at: number;
  readonly stored: number;
}

interface Rhythm {
  readonly last: Moment;
  /** From a trade to its storage, for all but a late last one. */
  readonly delayMs: number;
  /** Where the rest of the minute draws on. */
  readonly draw: HashSequence;
}

/** The last moment is drawn before all others, so that it can be known alone. */
function drawRhythm(tape: Tape, minute: number): Rhythm {
  const draw = new HashSequence(`${tape.recording.market} ${tape.positionOf(minute)}`);
  const delayMs = LEAST_DELAY_MS + draw.below(DELAY_SPREAD_MS);
  const isLate = draw.below(LATE_EVERY) === 0;
  if (isLate) {
    const at = PUNCTUAL_END_MS + draw.below(MINUTE_MS - PUNCTUAL_END_MS);
    const mostMs = draw.below(VERY_LATE_EVERY) === 0 ? MOST_LATE_MS : MOSTLY_LATE_MS;
    return { last: { at, stored: MINUTE_MS + draw.below(mostMs + 1) }, delayMs, draw };
  }
  // The latest of a few draws: most minutes trade until near their end.
  let at = 0;
  for (let drawn = 0; drawn < 4; drawn += 1) at = Math.max(at, drawBefore(PUNCTUAL_END_MS, draw));
  return { last: { at, stored: at + delayMs }, delayMs, draw };
}

/** Ticks are stored one after another: those that follow a late one of the minute before wait for it. Ms within the minute. */
function heldUpUntil(tape: Tape, minute: number): number {
  if (tape.minuteAt(minute - 1) === undefined) return 0;
  return drawRhythm(tape, minute - 1).last.stored - MINUTE_MS;
}

function drawBefore(endMs: number, draw: HashSequence): number {
  return QUIET_START_MS + draw.below(endMs - QUIET_START_MS);
}

/** Price × volume. Where a recorded turnover cannot be reached so, the last trade takes what is left of it. */
function turnoversOf(deals: readonly Deal[], tick: bigint, total: bigint): bigint[] {
  const products = deals.map(({ price, volume }) => (BigInt(price) * volume * tick) / 10n ** 8n);
  const rest = total - products.reduce((sum, product) => sum + product, 0n);
  return products.map((product, index) =>
    index === products.length - 1 ? product + rest : product,
  );
}

function idsOf(momentsMs: readonly number[]): bigint[] {
  return momentsMs.map((atMs, index) => {
    const inSameMs = index - momentsMs.indexOf(atMs);
    return BigInt(atMs) * IDS_PER_MS + BigInt(inSameMs);
  });
}

/** A price above the one before was bought, one below was sold; the same price again is the same side again. */
function sidesOf(deals: readonly Deal[], draw: HashSequence): TakerSide[] {
  let side: TakerSide = draw.below(2) === 0 ? 'ASK' : 'BID';
  return deals.map(({ price }, index) => {
    const before = deals[index - 1]?.price ?? price;
    if (price !== before) side = price > before ? 'BID' : 'ASK';
    return side;
  });
}
