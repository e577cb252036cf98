import { Habit } from './habit';
import { PERIODS_MS, RARE_MS, toleranceOf } from './periods';
import { noSums, SlotRates } from './slot-rates';

/** Periods looked back. */
const LOOKED_BACK = 4;
/** How many times more often than habits coincidences are looked at: periods tried, and places in each. */
const TRIALS = 100;
/** Belief in a habit that was seen to repeat once, and twice or more, before chance is ruled out. */
const ONCE_REPEATED = 0.75;
const REPEATED = 0.95;
const NARROWEST_MS = 50;
const NEVER_MS = -Infinity;
/** Chances before its birth count in full. */
const NEWBORN = { vitality: 1, dayVitality: 1, byChance: 0 };

interface Repeat {
  /** Periods before the newest arrival. */
  readonly back: number;
  readonly atMs: number;
  readonly distanceMs: number;
}

/** Arrivals (epoch ms, in order) that nothing explains, the newest last; and how many come in a millisecond, explained or not. */
export interface Unexplained {
  readonly arrivals: readonly number[];
  readonly perMs: number;
}

/** The finest habit that the newest arrival completes and `isKnown` does not know yet. */
export function findFinestHabit(
  unexplained: Unexplained,
  isKnown: (everyMs: number) => boolean,
): Habit | undefined {
  for (const everyMs of PERIODS_MS) {
    const found = isKnown(everyMs) ? undefined : findHabit(unexplained, everyMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A habit of `everyMs` that the newest arrival completes. A frequent one came a period earlier and once more within the four
 * periods before (what only comes every other period has a longer one); a rare one came a period earlier, or twice. How
 * surely it is one follows from how likely so many arrivals would lie so close to the grid by chance.
 */
function findHabit(unexplained: Unexplained, everyMs: number): Habit | undefined {
  const { arrivals } = unexplained;
  const nowMs = arrivals[arrivals.length - 1];
  if (nowMs === undefined) return undefined;
  const repeats = repeatsOf(arrivals, nowMs, everyMs);
  const isRare = everyMs >= RARE_MS;
  const isAtOnce = repeats[0]?.back === 1;
  if (repeats.length > 1 ? !isAtOnce && !isRare : !isAtOnce || !isRare) return undefined;
  return bornFrom(repeats, nowMs, { everyMs, truth: truthOf(repeats, unexplained, everyMs) });
}

function repeatsOf(arrivals: readonly number[], nowMs: number, everyMs: number): Repeat[] {
  const toleranceMs = toleranceOf(everyMs);
  const repeats: Repeat[] = [];
  for (let back = 1; back <= LOOKED_BACK; back += 1) {
    const wantedMs = nowMs - back * everyMs;
    const atMs = nearest(arrivals, wantedMs);
    if (Math.abs(atMs - wantedMs) > toleranceMs) continue;
    repeats.push({ back, atMs, distanceMs: atMs - wantedMs });
  }
  return repeats;
}

function bornFrom(
  repeats: readonly Repeat[],
  nowMs: number,
  { everyMs, truth }: { everyMs: number; truth: number },
): Habit {
  const oldest = repeats[repeats.length - 1]?.back ?? 0;
  const sums = noSums();
  const rates = new SlotRates(everyMs, sums);
  const came = new Set([0, ...repeats.map(({ back }) => back)]);
  for (let back = oldest - 1; back >= 0; back -= 1) {
    const atMs = nowMs - back * everyMs + Math.min(everyMs / 4, 120_000);
    if (came.has(back)) rates.recordArrival(atMs);
    else rates.recordAbsences(atMs, 1, NEWBORN);
  }
  const vitality = truth * (repeats.length > 1 ? REPEATED : ONCE_REPEATED);
  return new Habit({
    everyMs,
    anchorMs: nowMs,
    slot: 0,
    lastMs: nowMs,
    vitality,
    recentHits: repeats.length,
    recentChances: oldest,
    day: 0,
    dayVitality: vitality,
    distances: [...repeats.map(({ distanceMs }) => distanceMs).reverse(), 0],
    sums,
  });
}

/** That the repeats are no coincidence of arrivals strewn evenly over the time looked back. */
function truthOf(
  repeats: readonly Repeat[],
  { arrivals, perMs: lately }: Unexplained,
  everyMs: number,
): number {
  const nowMs = arrivals[arrivals.length - 1] ?? 0;
  const sinceMs = nowMs - (LOOKED_BACK + 1) * everyMs;
  const seen = arrivals.filter((atMs) => atMs >= sinceMs);
  const spanMs = Math.max(everyMs, nowMs - (seen[0] ?? nowMs));
  const perMs = Math.max(lately, seen.length / spanMs);
  const byChance = repeats
    .map(({ distanceMs }) => 2 * Math.max(NARROWEST_MS, Math.abs(distanceMs)) * perMs)
    .reduce((product, chance) => product * Math.min(1, chance), 1);
  return 1 / (1 + TRIALS * byChance);
}

/** The arrival nearest to an instant; there is at least one. */
function nearest(arrivals: readonly number[], wantedMs: number): number {
  let later: number | undefined;
  for (let place = arrivals.length - 1; place >= 0; place -= 1) {
    const atMs = arrivals[place] ?? 0;
    if (atMs <= wantedMs) {
      return later === undefined || wantedMs - atMs < later - wantedMs ? atMs : later;
    }
    later = atMs;
  }
  return later ?? NEVER_MS;
}
