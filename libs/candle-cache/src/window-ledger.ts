import type { Clock } from '@candlekeep/clock';
import { isMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { background, type Logger } from '@candlekeep/telemetry';
import type { WindowMetadata } from './candle-window';
import { auditWindows } from './window-audit';
import type { BookEntry, WindowBook } from './window-book';
import type { Accounted, KnownWindow, ReadNote, WindowNote } from './window-note';
import type { WindowMeasure, WindowState } from './window-state';
import { UntoldNotes } from './window-untold';

export interface WindowLedgerParts {
  readonly book: WindowBook;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Reads, and writes that could not be told, are told at most this often unless a write takes them along. */
const FLUSH_EVERY_MS = 1_000;

/**
 * Keeps all windows of a server within the byte budget. May be wrong for a moment after a crash, never for good, and never fails
 * the read or write that it accompanies.
 */
export class WindowLedger {
  private readonly untold = new UntoldNotes();
  private stopFlushing: (() => void) | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly parts: WindowLedgerParts) {}

  /** Remembers a read; nothing is sent now. */
  noteHit(series: string, usedAtUs: number): void {
    this.untold.add({ kind: 'read', series, hits: 1, usedAtUs });
    this.stopFlushing ??= this.parts.clock.every(FLUSH_EVERY_MS, () => {
      this.flush();
    });
  }

  /** Writes down a window's new state and drops what is too much then. */
  async noteWrite(series: string, state: WindowState): Promise<void> {
    try {
      await this.tell([{ kind: 'wrote', series, state }]);
    } catch (error) {
      this.parts.log.warn('a write to L1 could not be put on its ledger', { series, error });
    }
  }

  /** All windows, the least recently used first. */
  async list(): Promise<readonly WindowMetadata[]> {
    await this.tell([]);
    const entries = await this.parts.book.entries();
    const measures = await this.parts.book.measure(entries.map(({ series }) => series));
    return entries.flatMap((entry, index) => metadataOf(entry, measures[index]) ?? []);
  }

  /** Tells what was not told yet, and waits for what runs in the background. */
  async close(): Promise<void> {
    this.stopFlushing?.();
    this.flush();
    await this.work;
  }

  private flush(): void {
    if (!this.untold.isEmpty) this.inBackground('telling the ledger of L1', this.tell([]));
  }

  /** What could not be told is told the next time. */
  private async tell(notes: readonly WindowNote[]): Promise<void> {
    const all = [...this.untold.take(), ...notes];
    const asked = await this.account(all).catch((error: unknown) => {
      this.untold.giveBack(all);
      throw error;
    });
    await this.settle(
      asked,
      all.flatMap((note) => (note.kind === 'read' ? [note] : [])),
    );
  }

  /** Does what the ledger asks for until it asks for nothing more: each round drops windows or makes them known. */
  private async settle({ unknown, victims }: Accounted, reads: readonly ReadNote[]): Promise<void> {
    if (unknown.length + victims.length === 0) return;
    const found = await this.introduce(reads.filter(({ series }) => unknown.includes(series)));
    await this.settle(await this.account([...found, ...(await this.drop(victims))]), []);
  }

  /** A window that is read and not on the ledger: its writer crashed, or the ledger was lost. */
  private async introduce(reads: readonly ReadNote[]): Promise<readonly WindowNote[]> {
    const measures = await this.parts.book.measure(reads.map(({ series }) => series));
    return reads.flatMap((read, index) => {
      const state = measures[index];
      if (state === undefined) return [];
      const { series, usedAtUs } = read;
      return [{ kind: 'found' as const, series, state, usedAtUs }, read];
    });
  }

  private async drop(victims: readonly KnownWindow[]): Promise<readonly WindowNote[]> {
    await this.parts.book.drop(victims.map(({ series }) => series));
    return victims.map((victim) => ({ kind: 'gone', ...victim }));
  }

  private async account(notes: readonly WindowNote[]): Promise<Accounted> {
    const asked = await this.parts.book.account(notes);
    if (asked.isAuditDue) this.inBackground('the audit of L1', this.audit());
    return asked;
  }

  private async audit(): Promise<void> {
    await auditWindows(this.parts.book, async (notes) => {
      await this.settle(await this.account(notes), []);
    });
  }

  private inBackground(name: string, work: Promise<void>): void {
    background(this.parts.log, name, work);
    this.work = Promise.allSettled([this.work, work]).then(() => undefined);
  }
}

function metadataOf(
  { series: name, hits, generation, usedAtMs }: BookEntry,
  measure: WindowMeasure | undefined,
): WindowMetadata | undefined {
  const series = findSeries(name);
  // Without a generation it is what a lost key left behind, or a wish for what was never written.
  if (series === undefined || measure === undefined || measure.generation === '') return undefined;
  const { rows, bytes, createdAtMs, updatedAtMs } = measure;
  const own = generation === measure.generation ? hits : 0;
  return { series, rows, bytes, hits: own, createdAtMs, updatedAtMs, usedAtMs };
}

function findSeries(name: string): Series | undefined {
  const [market = '', code = ''] = name.split(':');
  const timeframe = Timeframe.find(code);
  if (timeframe === undefined || !isMarketCode(market)) return undefined;
  return { market, timeframe };
}
