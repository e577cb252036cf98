import type { AskedQuestion } from './asked-question';
import type { OwnedRhythm } from './memory';
import type { Prediction } from './prediction';

/** Begin of the likely arrival in [fromMs, untilMs), epoch ms; `atLeast`: least probability. */
export interface Outlook {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly atLeast: number;
}

/** What the rhythms expect, in order of time; where those of one question overlap, the likeliest. */
export function lookOut(due: Iterable<OwnedRhythm>, outlook: Outlook): readonly Prediction[] {
  const found: Prediction[] = [];
  const rivals = new Map<Prediction, AskedQuestion>();
  for (const { asked, rhythm } of due) {
    const isAlone = asked.rhythms.length === 1;
    const { caller, series, count, back, maxAgeMs } = asked.question;
    const { reason } = rhythm;
    const { fromMs, untilMs, atLeast } = outlook;
    for (const expected of rhythm.expectedWithin(fromMs, untilMs, atLeast)) {
      // Field by field: spreading two objects takes longer than all else here.
      const prediction = {
        caller,
        series,
        count,
        back,
        maxAgeMs,
        reason,
        fromMs: expected.fromMs,
        untilMs: expected.untilMs,
        probability: expected.probability,
      };
      found.push(prediction);
      if (!isAlone) rivals.set(prediction, asked);
    }
  }
  found.sort((a, b) => a.fromMs - b.fromMs);
  const lost = lostAmong(found, rivals);
  return lost.size === 0 ? found : found.filter((prediction) => !lost.has(prediction));
}

/** Of overlapping predictions (in order of time) of one question all but the likeliest. */
function lostAmong(
  predictions: readonly Prediction[],
  rivals: ReadonlyMap<Prediction, AskedQuestion>,
): ReadonlySet<Prediction> {
  const lost = new Set<Prediction>();
  if (rivals.size === 0) return lost;
  const newest = new Map<AskedQuestion, Prediction>();
  for (const prediction of predictions) {
    const asked = rivals.get(prediction);
    if (asked === undefined) continue;
    const other = newest.get(asked);
    const isApart = other === undefined || other.untilMs <= prediction.fromMs;
    if (isApart || other.probability < prediction.probability) {
      if (!isApart) lost.add(other);
      newest.set(asked, prediction);
    } else lost.add(prediction);
  }
  return lost;
}
