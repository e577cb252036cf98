import type { TimeRange } from '@candlekeep/market';
import { HashSequence } from '../tape/hash-sequence';
import type { Recording } from '../tape/recording';

/** No book of the 2021 capture was sent again sooner than 292 ms after the one before. */
const SLOT_MS = 300;
/** Share of the slots in which orders come or go while a market trades in every minute: 2.2 a second, as its busiest book did. */
const BUSY_SHARE = 0.65;
const DRAWS = 10_000;

/**
 * When orders of a market came or went within the range without a trade, epoch ms, oldest first: at the beginning of slots drawn by
 * lot, fewer in a market that trades in fewer minutes. They follow from the recording and the time alone.
 */
export function bookMoves(recording: Recording, { fromMs, untilMs }: TimeRange): number[] {
  const moves: number[] = [];
  const phaseMs = phaseOf(recording);
  for (let slot = Math.ceil((fromMs - phaseMs) / SLOT_MS); ; slot += 1) {
    const startMs = slot * SLOT_MS + phaseMs;
    if (startMs >= untilMs) return moves;
    if (isMove(recording, slot)) moves.push(startMs);
  }
}

/** The last of the moves within the range; undefined when there is none. Costs a few draws, however long the range is. */
export function lastBookMove(
  recording: Recording,
  { fromMs, untilMs }: TimeRange,
): number | undefined {
  const phaseMs = phaseOf(recording);
  for (let slot = Math.ceil((untilMs - phaseMs) / SLOT_MS) - 1; ; slot -= 1) {
    const startMs = slot * SLOT_MS + phaseMs;
    if (startMs < fromMs) return undefined;
    if (isMove(recording, slot)) return startMs;
  }
}

/** Books of different markets do not move in step. */
function phaseOf({ market }: Recording): number {
  return new HashSequence(`${market} book phase`).below(SLOT_MS);
}

function isMove({ market, tradedShare }: Recording, slot: number): boolean {
  const draw = new HashSequence(`${market} book slot ${slot}`);
  return draw.below(DRAWS) < BUSY_SHARE * tradedShare * DRAWS;
}
