import { InvalidValue } from './candlekeep-error';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 1_440 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05T00:00Z, the first Monday after the epoch. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** How the exchange groups candles: one endpoint each. */
export type TimeframeKind = 'second' | 'minute' | 'day' | 'week' | 'month' | 'year';

/** Slots of one timeframe, numbered without holes; a slot's candle, if traded, opens at `openOf(slot)`. */
interface Grid {
  slotOf(epochMs: number): number;
  openOf(slot: number): number;
}

/** A candle length, with its calendar (all UTC; weeks open on Monday). Instances are shared: compare with `===`. */
export class Timeframe {
  private constructor(
    /** `1s`, `1m` … `240m`, `1d`, `1w`, `1M`, `1y`. */
    readonly code: string,
    readonly kind: TimeframeKind,
    /** The exchange's minute unit (1 … 240); 1 for all other kinds. */
    readonly unit: number,
    private readonly grid: Grid,
  ) {}

  /** Every timeframe that the exchange serves, shortest first. */
  static readonly ALL: readonly Timeframe[] = [
    new Timeframe('1s', 'second', 1, evenGrid(SECOND_MS)),
    ...[1, 3, 5, 10, 15, 30, 60, 240].map(
      (unit) => new Timeframe(`${unit}m`, 'minute', unit, evenGrid(unit * MINUTE_MS)),
    ),
    new Timeframe('1d', 'day', 1, evenGrid(DAY_MS)),
    new Timeframe('1w', 'week', 1, evenGrid(WEEK_MS, FIRST_MONDAY_MS)),
    new Timeframe('1M', 'month', 1, { slotOf: monthOf, openOf: (slot) => Date.UTC(0, slot) }),
    new Timeframe('1y', 'year', 1, {
      slotOf: (epochMs) => new Date(epochMs).getUTCFullYear(),
      openOf: (year) => Date.UTC(year, 0),
    }),
  ];

  private static readonly byCode = new Map(
    Timeframe.ALL.map((timeframe) => [timeframe.code, timeframe]),
  );

  /** Reads a code; `1h` and `4h` mean `60m` and `240m`. Throws {@link InvalidValue} that lists the known codes. */
  static parse(text: string): Timeframe {
    const found = Timeframe.find(text);
    if (found !== undefined) return found;
    const known = Timeframe.ALL.map(({ code }) => code).join(', ');
    throw new InvalidValue(`"${text}" is not a timeframe: expected one of ${known}`);
  }

  static find(text: string): Timeframe | undefined {
    return Timeframe.byCode.get({ '1h': '60m', '4h': '240m' }[text] ?? text);
  }

  /** The minute timeframe of one of the exchange's units, or undefined for a unit it does not serve. */
  static findMinutes(unit: number): Timeframe | undefined {
    return Timeframe.find(`${unit}m`);
  }

  /** The open (epoch ms) of the candle in which the instant falls. */
  floor(epochMs: number): number {
    return this.grid.openOf(this.grid.slotOf(epochMs));
  }

  /** The first open at or after the instant. */
  ceil(epochMs: number): number {
    const floor = this.floor(epochMs);
    return floor === epochMs ? floor : this.shift(floor, 1);
  }

  /** The open `slots` candles after (negative: before) the candle of the instant. */
  shift(epochMs: number, slots: number): number {
    return this.grid.openOf(this.grid.slotOf(epochMs) + slots);
  }

  /** The close of the candle in which the instant falls: the next candle's open. */
  closeOf(epochMs: number): number {
    return this.shift(epochMs, 1);
  }

  /** Running number of the candle of the instant; neighbours differ by one, on calendar timeframes too. */
  slotOf(epochMs: number): number {
    return this.grid.slotOf(epochMs);
  }

  /** The open (epoch ms) of a candle by its running number. */
  openOf(slot: number): number {
    return this.grid.openOf(slot);
  }

  toString(): string {
    return this.code;
  }
}

function evenGrid(stepMs: number, originMs = 0): Grid {
  return {
    slotOf: (epochMs) => Math.floor((epochMs - originMs) / stepMs),
    openOf: (slot) => originMs + slot * stepMs,
  };
}

/** Months since January 1900, the year that `Date.UTC(0, …)` means. */
function monthOf(epochMs: number): number {
  const date = new Date(epochMs);
  return (date.getUTCFullYear() - 1900) * 12 + date.getUTCMonth();
}
