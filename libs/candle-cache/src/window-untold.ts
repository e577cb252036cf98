import type { ReadNote, WindowNote, WroteNote } from './window-note';

/** What the ledger was not told yet, in memory: at most one read and one write a series. */
export class UntoldNotes {
  private reads = new Map<string, ReadNote>();
  private writes = new Map<string, WroteNote>();

  get isEmpty(): boolean {
    return this.reads.size + this.writes.size === 0;
  }

  /** Adds up reads; of writes the first one stays, since notes that come back are older. */
  add(note: ReadNote | WroteNote): void {
    const { series } = note;
    if (note.kind === 'wrote') {
      if (!this.writes.has(series)) this.writes.set(series, note);
      return;
    }
    const known = this.reads.get(series);
    const hits = note.hits + (known?.hits ?? 0);
    const usedAtUs = Math.max(note.usedAtUs, known?.usedAtUs ?? 0);
    this.reads.set(series, { ...note, hits, usedAtUs });
  }

  take(): readonly (ReadNote | WroteNote)[] {
    const taken = [...this.writes.values(), ...this.reads.values()];
    this.reads = new Map();
    this.writes = new Map();
    return taken;
  }

  giveBack(notes: readonly WindowNote[]): void {
    for (const note of notes) if (note.kind === 'wrote' || note.kind === 'read') this.add(note);
  }
}
