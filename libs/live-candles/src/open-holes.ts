import { MINUTE, type MinuteBook } from './minute-book';
import type { VolumeHole } from './volume-chain';

const MOST_HOLES = 8;

/** Missing trades that the rows shown may still lack. */
export class OpenHoles {
  private holes: VolumeHole[] = [];

  note(hole: VolumeHole): void {
    this.holes = [...this.holes, hole].slice(-MOST_HOLES);
  }

  /**
   * Since when, monotonic ms, the rows from `fromMs` on are known to lack a trade; Infinity when they do not. A hole is mended when
   * its minutes are final; or in the minute that is the only one left of it, by a candle frame that was made later. Tickers that
   * wait for their trades are treated the same.
   */
  lackFromMs(fromMs: number, book: MinuteBook, unsettled: readonly VolumeHole[]): number {
    this.holes = this.holes.filter((hole) => isOpen(hole, fromMs, book));
    const open = [...this.holes, ...unsettled.filter((hole) => isOpen(hole, fromMs, book))];
    return Math.min(Infinity, ...open.map(({ heardAtMs }) => heardAtMs));
  }
}

function isOpen(
  { afterMs, untilMs, sentAtMs }: VolumeHole,
  fromMs: number,
  book: MinuteBook,
): boolean {
  const lastMs = MINUTE.floor(untilMs);
  if (fromMs !== lastMs && MINUTE.floor(afterMs) !== lastMs) return fromMs <= lastMs;
  if (fromMs > lastMs) return false;
  return (book.find(lastMs)?.best?.frame.timestampMs ?? 0) < sentAtMs;
}
