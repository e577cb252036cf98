import { HOUR_MS, type Span } from '../economy/calculators';
import type { SeededRandom } from '../support/seeded-random';

/** When a habit comes round. */
export interface When {
  readonly kind: 'rhythm' | 'pace' | 'random';
  /** Of a rhythm from boundary to boundary, of a pace from question to question, of chance on average. */
  readonly everyMs: number;
  /** After the boundary, or after the start of the first day. */
  readonly phaseMs: number;
  readonly jitterMs: number;
  readonly hours: 'all' | 'weekdays' | 'office';
}

/** In which it comes, epoch ms; nobody can expect it before `knownMs`: paces and sequences go by what was asked last. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly knownMs: number;
}

/** When it comes, and what somebody who knows the habit could have known of that. */
export interface Moment {
  readonly atMs: number;
  /** Undefined for what comes at any moment. */
  readonly expected: Stretch | undefined;
}

/** Every moment of a span at which the habit comes, skipped or not. */
export function momentsOf(when: When, { fromMs, untilMs }: Span, random: SeededRandom): Moment[] {
  const { kind, everyMs, phaseMs, jitterMs, hours } = when;
  const moments: Moment[] = [];
  let baseMs = fromMs + (kind === 'rhythm' ? 0 : phaseMs);
  let lastMs: number | undefined;
  while (baseMs < untilMs) {
    const offMs = random.between(-jitterMs, jitterMs);
    if (kind === 'rhythm') {
      const middleMs = baseMs + phaseMs;
      const atMs = Math.max(baseMs, middleMs + offMs);
      moments.push({ atMs, expected: around(middleMs, jitterMs, 0) });
      baseMs += everyMs;
    } else {
      const isPace = kind === 'pace' && lastMs !== undefined;
      const nextMs = (lastMs ?? 0) + everyMs;
      moments.push({
        atMs: baseMs,
        expected: isPace ? around(nextMs, jitterMs, lastMs) : undefined,
      });
      lastMs = baseMs;
      baseMs += kind === 'pace' ? everyMs + offMs : exponential(everyMs, random);
    }
  }
  return moments.filter(({ atMs }) => atMs < untilMs && isOpen(hours, atMs));
}

function around(middleMs: number, spreadMs: number, knownMs = 0): Stretch {
  return { fromMs: middleMs - spreadMs, untilMs: middleMs + spreadMs, knownMs };
}

function exponential(meanMs: number, random: SeededRandom): number {
  return Math.ceil(-Math.log(1 - random.next()) * meanMs);
}

/** In Korea there is no summer time. */
function isOpen(hours: When['hours'], atMs: number): boolean {
  if (hours === 'all') return true;
  const korean = new Date(atMs + 9 * HOUR_MS);
  const isWeekday = korean.getUTCDay() >= 1 && korean.getUTCDay() <= 5;
  const hour = korean.getUTCHours();
  return isWeekday && (hours === 'weekdays' || (hour >= 9 && hour < 18));
}
