import type { Correction, ProvenPage } from '@candlekeep/candle-cache';
import { VERIFIED_AFTER_MS } from '@candlekeep/candle-store';
import { type Candle, Coverage, type Provenance, Timeframe } from '@candlekeep/market';

const MINUTE_MS = 60_000;

/** What is known of one slot. */
interface Slot {
  readonly openMs: number;
  readonly row?: Candle;
  readonly provenance: Provenance;
  readonly readAtMs: number;
  readonly isVerified: boolean;
}

/** Which timeframes are made from which, directly or by way of others; written by hand, so that it does not repeat the code under test. */
const FOLDED_FROM: Readonly<Record<string, readonly string[]>> = {
  '1m': ['5m', '60m', '1d', '1w'],
  '5m': ['60m', '1d', '1w'],
  '60m': ['1d', '1w'],
  '1d': ['1d', '1w'],
  '1w': [],
};

export const MODEL_TIMEFRAMES = Object.keys(FOLDED_FROM);

/** One market as the law describes it, slot by slot and without any set algebra. */
export class SlotModel {
  private readonly slots = new Map<string, Map<number, Slot>>(
    MODEL_TIMEFRAMES.map((code) => [code, new Map()]),
  );
  private readonly told = new Map<string, { readonly revision: number; readonly moves: number }>();
  /** Counts what raises a revision. */
  readonly moves = new Map(MODEL_TIMEFRAMES.map((code) => [code, 0]));

  /** The rows that were new and the corrections, or 'stale'. `basis` is what {@link moves} said when the page was made. */
  save(
    page: ProvenPage,
    basis: ReadonlyMap<string, number>,
  ): 'stale' | { inserted: number; corrections: Correction[] } {
    if ([...basis].some(([code, moves]) => (this.moves.get(code) ?? 0) !== moves)) return 'stale';
    return page.provenance === 'native' ? this.saveNative(page) : this.saveUnknown(page);
  }

  purge(): void {
    for (const [code, slots] of this.slots) {
      slots.clear();
      this.move(code);
    }
  }

  /** Whether a revision that the store tells rose since it was last told exactly if the series moved. */
  agreesOn(code: string, revision: number): boolean {
    const moves = this.moves.get(code) ?? 0;
    const told = this.told.get(code) ?? { revision, moves };
    this.told.set(code, { revision, moves });
    return moves > told.moves ? revision > told.revision : revision === told.revision;
  }

  /** Oldest first. */
  rows(code: string): Candle[] {
    return this.known(code).flatMap(({ row }) => row ?? []);
  }

  coverage(code: string): Coverage {
    return coverageOf(code, this.known(code));
  }

  unverified(code: string): Coverage {
    return coverageOf(
      code,
      this.known(code).filter(({ isVerified }) => !isVerified),
    );
  }

  private saveUnknown(page: ProvenPage): { inserted: number; corrections: Correction[] } {
    const { readAtMs, provenance } = page;
    const slots = this.of(page.series.timeframe.code);
    const news = slotsOf(page).filter(({ openMs }) => !slots.has(openMs));
    for (const slot of news) {
      slots.set(slot.openMs, { ...slot, provenance, readAtMs, isVerified: false });
    }
    return { inserted: news.filter(({ row }) => row !== undefined).length, corrections: [] };
  }

  private saveNative(page: ProvenPage): 'stale' | { inserted: number; corrections: Correction[] } {
    const { timeframe } = page.series;
    const { readAtMs } = page;
    const slots = this.of(timeframe.code);
    const shown = slotsOf(page);
    const changes = shown.filter(({ openMs, row }) => {
      const before = slots.get(openMs);
      return row !== undefined && before !== undefined && !isSame(before.row, row);
    });
    const isOutdated = changes.some(({ openMs }) => {
      const before = slots.get(openMs);
      if (before?.row === undefined || before.provenance !== 'native') return false;
      return before.readAtMs > readAtMs && before.readAtMs - readAtMs <= MINUTE_MS;
    });
    if (isOutdated) return 'stale';
    const corrections = changes.map(({ openMs }): Correction => {
      const { row, provenance: was } = slots.get(openMs)!;
      return row === undefined ? { openMs, was } : { openMs, stored: row, was };
    });
    const inserted = shown.filter(({ openMs, row }) => row && !slots.has(openMs)).length;
    for (const { openMs, row } of shown) {
      const before = slots.get(openMs);
      if (row === undefined && before?.row !== undefined) continue;
      const isOldEnough = timeframe.closeOf(openMs) + VERIFIED_AFTER_MS <= readAtMs;
      const isCorrected = corrections.some((one) => one.openMs === openMs);
      const isVerified = isOldEnough || (!isCorrected && before?.isVerified === true);
      const isConfirmed = before?.provenance === 'native' && !isCorrected;
      const sinceMs = isConfirmed ? before.readAtMs : readAtMs;
      const slot = row === undefined ? { openMs } : { openMs, row };
      slots.set(openMs, { ...slot, provenance: 'native', readAtMs: sinceMs, isVerified });
    }
    this.removeDoubtful(page, corrections);
    return { inserted, corrections };
  }

  private removeDoubtful(
    { series: { timeframe }, covered }: ProvenPage,
    corrections: readonly Correction[],
  ): void {
    if (corrections.length > 0) this.move(timeframe.code);
    for (const code of FOLDED_FROM[timeframe.code] ?? []) {
      const longer = Timeframe.parse(code);
      const broken = this.known(code).filter(({ openMs, isVerified }) => {
        // A day tells the distance from the close of the day before.
        const fromMs = code === '1d' ? longer.shift(openMs, -1) : openMs;
        const holds = (at: number): boolean => at >= fromMs && at < longer.closeOf(openMs);
        const isShown =
          longer === timeframe && openMs >= covered.fromMs && openMs < covered.untilMs;
        return !isVerified && !isShown && corrections.some((one) => holds(one.openMs));
      });
      for (const { openMs } of broken) this.of(code).delete(openMs);
      if (broken.length > 0) this.move(code);
    }
  }

  private move(code: string): void {
    this.moves.set(code, (this.moves.get(code) ?? 0) + 1);
  }

  private of(code: string): Map<number, Slot> {
    return this.slots.get(code) ?? new Map<number, Slot>();
  }

  private known(code: string): Slot[] {
    return [...this.of(code).values()].sort((a, b) => a.openMs - b.openMs);
  }
}

function slotsOf({ series: { timeframe }, rows, covered }: ProvenPage): {
  readonly openMs: number;
  readonly row?: Candle;
}[] {
  const slots = [];
  for (let openMs = covered.fromMs; openMs < covered.untilMs; openMs = timeframe.closeOf(openMs)) {
    const row = rows.find((one) => one.openMs === openMs);
    slots.push(row === undefined ? { openMs } : { openMs, row });
  }
  return slots;
}

function coverageOf(code: string, slots: readonly Slot[]): Coverage {
  const timeframe = Timeframe.parse(code);
  return Coverage.of(
    slots.map(({ openMs }) => ({ fromMs: openMs, untilMs: timeframe.closeOf(openMs) })),
  );
}

function isSame(a: Candle | undefined, b: Candle): boolean {
  return a?.close === b.close && a.openMs === b.openMs;
}
