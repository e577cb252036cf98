import type { Candle, Timeframe } from '@candlekeep/market';
import { mergeTallies, type Tally, tallyAll, type Trade } from './trades';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** No trade of a world is stored later than this after its minute's close. */
export const LATEST_TICK_MS = 21_000;
/** The latest that the exchange has been seen to store a trade since 2020. */
const LATE_TICK_MS = 1_900;

/** What kind of market: its listing, and how many of a day's minutes have trades (one of `densities`, by the day). */
export interface WorldKind {
  readonly name: string;
  readonly listedMs: number;
  readonly untilMs: number;
  readonly densities: readonly number[];
  /** Before this, trades are twenty times as rare: long histories at little cost. */
  readonly denseFromMs: number;
  /** One in so many minutes has a trade that is stored up to 21 s after the close. */
  readonly veryLateOneIn: number;
}

/**
 * The trades of a market, all of them and for ever, as a pure function of a seed: minutes with and without trades, days without
 * any, outages of six hours, last trades that are stored late.
 */
export class World {
  /** Numbers of the minutes with trades, oldest first. */
  private readonly minutes: readonly number[];
  private readonly opens = new Map<Timeframe, readonly number[]>();
  private readonly rows = new Map<Timeframe, Map<number, Candle>>();
  private readonly tallies = new Map<number, Tally | undefined>();

  constructor(
    readonly kind: WorldKind,
    private readonly seed: number,
  ) {
    this.minutes = this.drawMinutes();
  }

  /** Opens of the slots that will ever have trades, oldest first. */
  opensOf(timeframe: Timeframe): readonly number[] {
    const known = this.opens.get(timeframe);
    if (known !== undefined) return known;
    const opens: number[] = [];
    let closeMs = 0;
    for (const minute of this.minutes) {
      if (minute * MINUTE_MS < closeMs) continue;
      opens.push(timeframe.floor(minute * MINUTE_MS));
      closeMs = timeframe.closeOf(minute * MINUTE_MS);
    }
    this.opens.set(timeframe, opens);
    return opens;
  }

  /** The trades of the minute that opens at `openMs`, in their order. */
  tradesOf(openMs: number): readonly Trade[] {
    const minute = openMs / MINUTE_MS;
    if (this.minutes[countBelow(this.minutes, minute)] !== minute) return [];
    const count = 1 + (this.draw(minute, 1) % 3);
    const instants = Array.from(
      { length: count },
      (_, i) => this.draw(minute, 10 + i) % (MINUTE_MS / 2),
    );
    if (this.draw(minute, 2) % 4 === 0)
      instants.push(MINUTE_MS / 2 - 1 - (this.draw(minute, 3) % 100));
    const sorted = [...new Set(instants)].sort((a, b) => a - b);
    return sorted.map((instant, i) => {
      // Even instants; what is added to a world later happens at odd ones.
      const atMs = openMs + instant * 2;
      const isLast = i === sorted.length - 1;
      return {
        atMs,
        storedMs:
          atMs +
          (isLast
            ? this.lastDelay(minute, openMs + MINUTE_MS - atMs)
            : this.draw(minute, 20 + i) % 300),
        price: 10_000 + (this.draw(minute, 30 + i) % 500),
        volume: 1 + (this.draw(minute, 40 + i) % 20_000),
      };
    });
  }

  /** All trades of a minute (or of an hour or day) that has been over for {@link LATEST_TICK_MS}. */
  settledTally(openMs: number, lengthMs: number): Tally | undefined {
    const key =
      openMs / MINUTE_MS + (lengthMs === MINUTE_MS ? 0.25 : lengthMs === HOUR_MS ? 0.5 : 0.75);
    if (this.tallies.has(key)) return this.tallies.get(key);
    const tally = this.addUp(openMs, lengthMs);
    this.tallies.set(key, tally);
    return tally;
  }

  /** Candles that nothing will change any more, by their open in seconds: made once for all runs. */
  settledRows(timeframe: Timeframe): Map<number, Candle> {
    const rows = this.rows.get(timeframe) ?? new Map<number, Candle>();
    this.rows.set(timeframe, rows);
    return rows;
  }

  /** When the minute's last trade is stored; 0 when there is none. */
  lastStoredMs(openMs: number): number {
    return this.tradesOf(openMs).at(-1)?.storedMs ?? 0;
  }

  private addUp(openMs: number, lengthMs: number): Tally | undefined {
    if (lengthMs === MINUTE_MS) return tallyAll(this.tradesOf(openMs));
    let sum: Tally | undefined;
    const untilMinute = (openMs + lengthMs) / MINUTE_MS;
    for (let i = countBelow(this.minutes, openMs / MINUTE_MS); ; i += 1) {
      const minute = this.minutes[i];
      if (minute === undefined || minute >= untilMinute) return sum;
      sum = mergeTallies(sum, tallyAll(this.tradesOf(minute * MINUTE_MS)));
    }
  }

  private lastDelay(minute: number, untilCloseMs: number): number {
    const { veryLateOneIn } = this.kind;
    const chance = this.draw(minute, 4);
    if (chance % veryLateOneIn === 0)
      return untilCloseMs + 5_100 + (this.draw(minute, 5) % (LATEST_TICK_MS - 5_100));
    if (chance % 7 === 0) return untilCloseMs + (this.draw(minute, 6) % LATE_TICK_MS);
    return this.draw(minute, 7) % 300;
  }

  private drawMinutes(): number[] {
    const { listedMs, untilMs } = this.kind;
    const minutes: number[] = [];
    for (let dayMs = listedMs - (listedMs % DAY_MS); dayMs < untilMs; dayMs += DAY_MS) {
      this.drawDay(dayMs, minutes);
    }
    return minutes;
  }

  private drawDay(dayMs: number, minutes: number[]): void {
    const { densities, denseFromMs, listedMs, untilMs } = this.kind;
    const day = dayMs / DAY_MS;
    const density = densities[this.draw(day, 51) % densities.length] ?? 0;
    if (density === 0) return;
    const outage = this.draw(day, 50) % 9 === 0 ? day % 4 : -1;
    const step = dayMs < denseFromMs ? 20 : 1;
    for (let minute = day * 1_440; minute < (day + 1) * 1_440; minute += step) {
      if (Math.floor((minute % 1_440) / 360) === outage) continue;
      const openMs = minute * MINUTE_MS;
      if (openMs < listedMs || openMs >= untilMs) continue;
      if (this.draw(minute, 0) < density * 2 ** 32) minutes.push(minute);
    }
  }

  /** A number of 32 bits, always the same for the same question. */
  private draw(index: number, purpose: number): number {
    let mixed = Math.imul(
      index ^ Math.imul(purpose + 1, 0x9e3779b1) ^ Math.imul(this.seed + 1, 0x85ebca6b),
      0xc2b2ae35,
    );
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
}

/** How many of the sorted numbers are below the bound. */
export function countBelow(sorted: readonly number[], bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
