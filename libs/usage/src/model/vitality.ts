const LEAST = 0.03;
const MOST = 0.99;

/**
 * How sure it is that a rhythm still exists, after an arrival that was expected with probability `expected` came or not
 * (Bayes' rule
 * with two hypotheses: it lives; it is over and something comes with probability `byChance`). An absence that was not
 * expected to be otherwise says nothing, two absences of what always came say nearly everything, and two arrivals bring it
 * back. Never certain, so that it can change its mind.
 */
export function vitalityAfter(
  vitality: number,
  expected: number,
  byChance: number,
  came: boolean,
): number {
  const ifAlive = came ? Math.max(expected, 0.5) : 1 - expected;
  const ifOver = came ? byChance : 1 - byChance;
  const alive = vitality * ifAlive;
  const updated = alive / (alive + (1 - vitality) * ifOver);
  return Math.min(MOST, Math.max(LEAST, updated));
}
