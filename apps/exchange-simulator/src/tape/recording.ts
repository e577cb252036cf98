import type { MarketCode } from '@candlekeep/market';
import { cellAt } from './column';
import { RangeMaximum } from './range-maximum';

/** One traded minute as recorded. Prices count ticks of the market; amounts count 10^-8 of their currency. */
export interface RecordedMinute {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: bigint;
  readonly turnover: bigint;
}

/** What a recording is made of; `minutes` has one entry per minute of the whole weeks, undefined where nothing was traded. */
export interface RecordingSource {
  readonly market: MarketCode;
  /** Minutes since the epoch at which the recording starts: a Monday, 00:00 UTC. */
  readonly firstMinute: number;
  /** Size of one tick in 10^-8 of the quote currency. */
  readonly tick: bigint;
  readonly minutes: readonly (RecordedMinute | undefined)[];
}

/** Whole weeks of one market's recorded minutes, with sums and extremes of any stretch at hand. Positions are 0 … `length`. */
export class Recording {
  readonly market: MarketCode;
  readonly firstMinute: number;
  readonly tick: bigint;
  readonly length: number;
  /** In what share of the minutes there was a trade, 0 to 1. */
  readonly tradedShare: number;
  private readonly minutes: readonly (RecordedMinute | undefined)[];
  private readonly volumes: readonly bigint[];
  private readonly turnovers: readonly bigint[];
  private readonly highs: RangeMaximum;
  private readonly negativeLows: RangeMaximum;
  private readonly sinceTrade: readonly number[];

  constructor({ market, firstMinute, tick, minutes }: RecordingSource) {
    this.market = market;
    this.firstMinute = firstMinute;
    this.tick = tick;
    this.minutes = minutes;
    this.length = minutes.length;
    this.tradedShare = minutes.filter((minute) => minute !== undefined).length / minutes.length;
    this.volumes = runningSums(minutes.map((minute) => minute?.volume ?? 0n));
    this.turnovers = runningSums(minutes.map((minute) => minute?.turnover ?? 0n));
    this.highs = new RangeMaximum(minutes.map((minute) => minute?.high ?? -Infinity));
    this.negativeLows = new RangeMaximum(minutes.map((minute) => -(minute?.low ?? Infinity)));
    this.sinceTrade = distancesBack(minutes.map((minute) => minute !== undefined));
  }

  at(position: number): RecordedMinute | undefined {
    return this.minutes[position];
  }

  /** How many minutes before `position` the last trade lies: 0 when it is traded itself; counts round from start to end. */
  minutesSinceTrade(position: number): number {
    return cellAt(this.sinceTrade, position);
  }

  volumeBefore(position: number): bigint {
    return cellAt(this.volumes, position);
  }

  turnoverBefore(position: number): bigint {
    return cellAt(this.turnovers, position);
  }

  highest(from: number, until: number): number {
    return this.highs.over(from, until);
  }

  lowest(from: number, until: number): number {
    return -this.negativeLows.over(from, until);
  }
}

/** `sums[i]` is the sum of the first `i` values. */
function runningSums(values: readonly bigint[]): bigint[] {
  let total = 0n;
  return [0n, ...values.map((value) => (total += value))];
}

/** Walks the ring twice: after the first round the last trade before the start is known. */
function distancesBack(traded: readonly boolean[]): number[] {
  const walk = (start: number): number[] => {
    let distance = start;
    return traded.map((isTraded) => (distance = isTraded ? 0 : distance + 1));
  };
  return walk(walk(0).at(-1) ?? 0);
}
