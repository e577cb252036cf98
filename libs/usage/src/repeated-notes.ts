import type { NoteEntry } from './note-entry';

/** Recorders that are remembered: one a gateway process. */
const MAX_RECORDERS = 1_000;

/**
 * Tells entries that were read already: a flush whose answer was lost is sent once more, and a server that takes over may have been
 * a little behind. Each recorder numbers its notes, and they stand in the stream in that order.
 */
export class RepeatedNotes {
  private readonly lastNumbers = new Map<string, number>();

  /** Remembers the entry; false when it, or a later one of its recorder, was here before. */
  heed({ by, no }: NoteEntry): boolean {
    if (no <= (this.lastNumbers.get(by) ?? 0)) return false;
    // Whoever wrote last stands last, so those who are forgotten have been silent for longest.
    this.lastNumbers.delete(by);
    this.lastNumbers.set(by, no);
    this.dropLongestSilent();
    return true;
  }

  forget(): void {
    this.lastNumbers.clear();
  }

  private dropLongestSilent(): void {
    if (this.lastNumbers.size <= MAX_RECORDERS) return;
    const [silent] = this.lastNumbers.keys();
    if (silent !== undefined) this.lastNumbers.delete(silent);
  }
}
