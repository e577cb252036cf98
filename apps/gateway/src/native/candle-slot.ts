import type { Candle, Timeframe } from '@candlekeep/market';

/** A slot as it is told: with its candle, or empty. */
export interface CandleSlot {
  readonly openMs: number;
  /** None where nothing was traded. */
  readonly candle?: Candle;
  /** Of an empty slot: the close before it, where that is to be carried forward. */
  readonly carried?: string;
}

/** What an empty slot becomes: it is left out, it has no amounts, or those of a market that stands still. */
export type Fill = 'sparse' | 'null' | 'forward';

/** Slots of a portion: many empty ones may lie between two candles of a thin market. */
const PORTION_SLOTS = 5_000;

/** Candles as slots, nothing in between. */
export function sparseSlots(rows: readonly Candle[]): CandleSlot[] {
  return rows.map((candle) => ({ openMs: candle.openMs, candle }));
}

export interface FillStart {
  readonly timeframe: Timeframe;
  readonly fill: Exclude<Fill, 'sparse'>;
  /** The first slot's open; undefined to begin with the first candle. */
  readonly fromMs: number | undefined;
  /** The close before the first slot, if there was a candle. */
  readonly close: string | undefined;
}

/** Puts every slot between candles that come oldest first, portion by portion. */
export class SlotFiller {
  private nextMs: number | undefined;
  private close: string | undefined;

  constructor(private readonly start: FillStart) {
    this.nextMs = start.fromMs;
    this.close = start.close;
  }

  /** The slots up to `untilMs`, of which `rows` are all candles. */
  *fill(rows: readonly Candle[], untilMs: number): Generator<readonly CandleSlot[], void, void> {
    let slots: CandleSlot[] = [];
    for (const slot of this.slotsOf(rows, untilMs)) {
      slots.push(slot);
      if (slots.length < PORTION_SLOTS) continue;
      yield slots;
      slots = [];
    }
    if (slots.length > 0) yield slots;
  }

  private *slotsOf(rows: readonly Candle[], untilMs: number): Generator<CandleSlot, void, void> {
    const { timeframe } = this.start;
    for (const candle of rows) {
      yield* this.emptyUntil(candle.openMs);
      yield { openMs: candle.openMs, candle };
      this.close = candle.close;
      this.nextMs = timeframe.closeOf(candle.openMs);
    }
    yield* this.emptyUntil(untilMs);
  }

  private *emptyUntil(untilMs: number): Generator<CandleSlot, void, void> {
    const { timeframe, fill } = this.start;
    if (this.nextMs === undefined) return;
    const carried = fill === 'forward' && this.close !== undefined ? { carried: this.close } : {};
    for (let openMs = this.nextMs; openMs < untilMs; openMs = timeframe.closeOf(openMs)) {
      yield { openMs, ...carried };
      this.nextMs = timeframe.closeOf(openMs);
    }
  }
}
