import { Timeframe } from '@candlekeep/market';

const MINUTES_OF_A_DAY = 1_440;

/** For sorting: the shorter timeframe first. */
export function finestFirst(a: Timeframe, b: Timeframe): number {
  return Timeframe.ALL.indexOf(a) - Timeframe.ALL.indexOf(b);
}

const sharedParts = new Map<Timeframe, Map<Timeframe, Timeframe>>();

/** The longest timeframe whose slots fit without rest into those of both. Seconds are left out: nothing is made of them. */
export function sharedPart(a: Timeframe, b: Timeframe): Timeframe {
  const ofA = sharedParts.get(a) ?? new Map<Timeframe, Timeframe>();
  sharedParts.set(a, ofA);
  const part = ofA.get(b) ?? findSharedPart(a, b);
  ofA.set(b, part);
  return part;
}

function findSharedPart(a: Timeframe, b: Timeframe): Timeframe {
  const shared = Timeframe.ALL.findLast(
    (part) => part.kind !== 'second' && fitsInto(part, a) && fitsInto(part, b),
  );
  if (shared === undefined) throw new RangeError(`nothing fits into both ${a.code} and ${b.code}`);
  return shared;
}

/** Whether each slot of `whole` is made of whole slots of `part`. */
function fitsInto(part: Timeframe, whole: Timeframe): boolean {
  if (part === whole) return true;
  if (part.kind === 'minute') {
    return (whole.kind === 'minute' ? whole.unit : MINUTES_OF_A_DAY) % part.unit === 0;
  }
  if (part.kind === 'day') return ['week', 'month', 'year'].includes(whole.kind);
  return part.kind === 'month' && whole.kind === 'year';
}
