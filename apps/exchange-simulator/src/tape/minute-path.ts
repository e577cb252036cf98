import { HashSequence } from './hash-sequence';
import type { Tape } from './tape';
import { splitIntoDeals, type Deal } from './trade-split';

const MINUTE_MS = 60_000;
/** No tick is stored this early in a minute, so a late tick of the minute before is always stored first. */
const QUIET_START_MS = 400;
/** Trades before this moment are stored within the minute. */
const PUNCTUAL_END_MS = 59_800;
/** One minute in this many has a last tick that is stored after its close, about as often as in the exchange's 2020 rows. */
const LATE_EVERY = 7;
/** The latest storage past the close in the exchange's 2020 one-minute rows. */
const MOST_LATE_MS = 348;
const LEAST_DELAY_MS = 3;
const DELAY_SPREAD_MS = 60;

/** One trade of a minute. Prices count ticks, amounts 10^-8. */
export interface Trade extends Deal {
  /** When it happened, epoch ms: decides its second and its minute. */
  readonly atMs: number;
  /** When the exchange stored it, epoch ms: visible from then on. May lie past the minute's close. */
  readonly storedMs: number;
  readonly turnover: bigint;
}

/** The trades of a minute in the order in which they are stored; none when it is not traded. They follow from market and recorded minute alone. */
export function tradesOf(tape: Tape, minute: number): Trade[] {
  const recorded = tape.minuteAt(minute);
  if (recorded === undefined) return [];
  const { tick } = tape.recording;
  const { draw, last, delayMs } = drawRhythm(tape, minute);
  const deals = splitIntoDeals(recorded, tick, draw);
  const earlierEndMs = Math.min(last.at, PUNCTUAL_END_MS);
  const earlier = Array.from({ length: deals.length - 1 }, () => drawBefore(earlierEndMs, draw))
    .sort((a, b) => a - b)
    .map((at) => ({ at, stored: at + delayMs }));
  const moments = [...earlier, last];
  const turnovers = turnoversOf(deals, tick, recorded.turnover);
  return deals.map((deal, index) => ({
    ...deal,
    turnover: turnovers[index] ?? 0n,
    atMs: minute * MINUTE_MS + (moments[index] ?? last).at,
    storedMs: minute * MINUTE_MS + (moments[index] ?? last).stored,
  }));
}

/** When the last trade of a traded minute is stored, epoch ms: the `timestamp` of its candle. Far cheaper than all of its trades. */
export function lastStoredMs(tape: Tape, minute: number): number {
  return minute * MINUTE_MS + drawRhythm(tape, minute).last.stored;
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
    return { last: { at, stored: MINUTE_MS + draw.below(MOST_LATE_MS + 1) }, delayMs, draw };
  }
  // The latest of a few draws: most minutes trade until near their end.
  const at = Math.max(...[1, 2, 3, 4].map(() => drawBefore(PUNCTUAL_END_MS, draw)));
  return { last: { at, stored: at + delayMs }, delayMs, draw };
}

function drawBefore(endMs: number, draw: HashSequence): number {
  return QUIET_START_MS + draw.below(endMs - QUIET_START_MS);
}

/** Price × volume; what rounding leaves of the minute's turnover goes to the last trade. */
function turnoversOf(deals: readonly Deal[], tick: bigint, total: bigint): bigint[] {
  const products = deals.map(({ price, volume }) => (BigInt(price) * volume * tick) / 10n ** 8n);
  const rest = total - products.reduce((sum, product) => sum + product, 0n);
  return products.map((product, index) =>
    index === products.length - 1 ? product + rest : product,
  );
}
