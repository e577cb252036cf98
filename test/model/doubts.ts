import type { Timeframe } from '@candlekeep/market';
import type { ModelMarket } from './model-market';
import type { Actor } from './stage';
import { LATEST_TICK_MS, MINUTE_MS, SECOND_MS } from './world';

/** A minute that the exchange changed after it may have been read as final. */
interface Doubt {
  readonly minuteMs: number;
  /** Changed long after its close: only who asks for this very minute finds out. */
  readonly isRewritten: boolean;
  /** From then on the exchange shows it as it is now. */
  readonly storedMs: number;
  /** The move of the run at which it was looked at again, everywhere; undefined while it was not. */
  settledAt?: number;
  /** Jobs of before that may still write. */
  writers: readonly Actor[];
}

/** Before this, nothing reads a closed minute as final. */
const SETTLED_NEVER_BEFORE_MS = 4 * SECOND_MS;

/** Which rows an answer may show as they were, or as they are: those that changed late, until they were looked at again. */
export class Doubts {
  private readonly doubts = new Map<number, Doubt>();

  constructor(private readonly market: ModelMarket) {}

  get minutes(): readonly number[] {
    return [...this.doubts.values()]
      .filter((d) => d.settledAt === undefined)
      .map((d) => d.minuteMs);
  }

  /** The exchange was read: a minute that closed just now, and whose last trade is not stored yet, may be taken for final. */
  noteRead(atMs: number): void {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    const sinceCloseMs = atMs - minuteMs - MINUTE_MS;
    if (sinceCloseMs < SETTLED_NEVER_BEFORE_MS || sinceCloseMs > LATEST_TICK_MS) return;
    const storedMs = this.market.world.lastStoredMs(minuteMs);
    if (storedMs > atMs)
      this.doubts.set(minuteMs, { minuteMs, isRewritten: false, storedMs, writers: [] });
  }

  noteRewrite(minuteMs: number, atMs: number): void {
    this.doubts.set(minuteMs, { minuteMs, isRewritten: true, storedMs: atMs, writers: [] });
  }

  /** All that is stored and closed before `beforeMs` was looked at again; `jobs` are those that are still under way. */
  settle(
    { beforeMs, move }: { beforeMs: number; move: number },
    jobs: readonly { actor: Actor; begunMs: number }[],
    only?: number,
  ): void {
    for (const doubt of this.doubts.values()) {
      if (only === undefined ? doubt.isRewritten : doubt.minuteMs !== only) continue;
      if (doubt.settledAt !== undefined || doubt.minuteMs + MINUTE_MS > beforeMs) continue;
      // Who read the old minute and has not written yet, may write it later: it will be in doubt again.
      if (jobs.some(({ begunMs }) => begunMs < doubt.storedMs)) continue;
      doubt.settledAt = move;
      doubt.writers = jobs.map(({ actor }) => actor);
    }
  }

  /** L1 lost its memory of revisions: who is still under way may bring an old row back. */
  noteLoss(readers: readonly Actor[]): void {
    for (const doubt of this.doubts.values()) {
      const isOpen = [...doubt.writers, ...readers].some((actor) => !actor.hasEnded);
      if (isOpen) delete doubt.settledAt;
    }
  }

  /** Whether a row may be shown as it was, to a read that began at `move` and answers for no instant before `sinceMs`. */
  isDoubtful(
    timeframe: Timeframe,
    openMs: number,
    read: { move: number; sinceMs: number },
  ): boolean {
    if (this.doubts.size === 0) return false;
    const closeMs = timeframe.closeOf(openMs);
    // A day also shows the close of the day before.
    const fromMs =
      timeframe.kind === 'day' ? (this.market.previousDay(openMs, Infinity) ?? openMs) : openMs;
    for (const { minuteMs, settledAt, storedMs } of this.doubts.values()) {
      if (minuteMs + MINUTE_MS <= fromMs || minuteMs >= closeMs) continue;
      if (settledAt === undefined || settledAt > read.move || storedMs >= read.sinceMs) return true;
    }
    return false;
  }
}
