import { SETTLE_MS } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type Finding, fail, ok, warn } from './finding';

/** How far another clock is ahead of this machine's, ms; negative: behind. It lies between the two. */
export interface Offset {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** One question about the time: when it was asked and answered by this machine's clock, and what was told, epoch ms. */
export interface TimeReading {
  readonly askedMs: number;
  readonly toldMs: number;
  readonly heardMs: number;
  /** What was told is rounded down by less than this. Default 0. */
  readonly precisionMs?: number;
}

/** Larger ones are worth mending: answers say how old they are, and callers wish for seconds. */
const NOTED_MS = 1_000;

/** The answer was written somewhere between question and hearing. */
export function offsetOf({ askedMs, toldMs, heardMs, precisionMs = 0 }: TimeReading): Offset {
  return { leastMs: toldMs - heardMs, mostMs: toldMs + precisionMs - askedMs };
}

/** Asks a server for its time, and says how far it is off. Rejects as `ask` does. */
export async function readOffset(ask: () => Promise<number>, clock: Clock): Promise<Offset> {
  const askedMs = clock.nowMs();
  const toldMs = await ask();
  return offsetOf({ askedMs, toldMs, heardMs: clock.nowMs() });
}

/**
 * Judges by what is certain: an offset that may be none is fine. From `SETTLE_MS` on it fails, since a closed candle that is believed too
 * early may still change.
 */
export function judgeOffset(check: string, offset: Offset, whose: string): Finding {
  const { leastMs, mostMs } = offset;
  const certainMs = leastMs > 0 ? leastMs : Math.min(0, mostMs);
  const seen = textOf(certainMs, offset);
  if (Math.abs(certainMs) < NOTED_MS) return ok(check, seen);
  const advice = `set ${whose} by NTP (chrony, systemd-timesyncd): ages of answers and the moment at which a candle counts as final depend on it`;
  return Math.abs(certainMs) < SETTLE_MS ? warn(check, seen, advice) : fail(check, seen, advice);
}

function textOf(certainMs: number, { leastMs, mostMs }: Offset): string {
  if (Math.abs(certainMs) < NOTED_MS) {
    const furthestMs = Math.max(Math.abs(leastMs), Math.abs(mostMs));
    return `within ${seconds(furthestMs)} of this machine's`;
  }
  return `${seconds(Math.abs(certainMs))} ${certainMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

function seconds(ms: number): string {
  return `${(Math.ceil(ms / 10) / 100).toFixed(2)} s`;
}
