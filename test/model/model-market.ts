import { type Candle, Timeframe } from '@candlekeep/market';
import { mergeTallies, type Tally, tallyAll, type Trade } from './trades';
import {
  countBelow,
  DAY_MS,
  HOUR_MS,
  LATEST_TICK_MS,
  MINUTE_MS,
  SECOND_MS,
  type World,
} from './world';

/** So long without any trade is no market of the model. */
const LONGEST_SILENCE_MS = 40 * DAY_MS;
const MINUTE = Timeframe.parse('1m');

/**
 * What the exchange shows of one market: a pure function of the instant. Every candle is added up from the trades that are
 * stored by then; nothing here is shared with the code that is under test but the calendar.
 */
export class ModelMarket {
  /** Trades that the exchange added to closed minutes afterwards. */
  private readonly additions: Trade[] = [];

  constructor(readonly world: World) {}

  /** The exchange rewrites an old minute: a trade more, from `storedMs` on. */
  rewrite(minuteMs: number, storedMs: number): void {
    const atMs = minuteMs + 1 + 2 * this.additions.length;
    this.additions.push({ atMs, storedMs, price: 10_250, volume: 7 });
  }

  /** The newest `count` candles that open before an instant, newest first, as shown at `nowMs`. */
  answer(
    timeframe: Timeframe,
    question: { beforeMs: number; count: number },
    nowMs: number,
  ): Candle[] {
    const rows: Candle[] = [];
    for (const openMs of this.opensBefore(timeframe, Math.min(question.beforeMs, nowMs + 1))) {
      if (rows.length === question.count) break;
      const row = this.rowAt(timeframe, openMs, nowMs);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** One candle as shown at `nowMs`; undefined while no trade of it is stored. */
  rowAt(timeframe: Timeframe, openMs: number, nowMs: number): Candle | undefined {
    const closeMs = timeframe.closeOf(openMs);
    if (closeMs + LATEST_TICK_MS >= nowMs || this.isRewritten(openMs, closeMs)) {
      return this.makeRow(timeframe, openMs, nowMs);
    }
    const settled = this.world.settledRows(timeframe);
    const known = settled.get(openMs / SECOND_MS);
    if (known !== undefined) return known;
    const row = this.makeRow(timeframe, openMs, nowMs);
    if (row !== undefined) settled.set(openMs / SECOND_MS, row);
    return row;
  }

  private makeRow(timeframe: Timeframe, openMs: number, nowMs: number): Candle | undefined {
    const tally = this.tally(openMs, timeframe.closeOf(openMs), nowMs);
    if (tally === undefined) return undefined;
    const row = {
      openMs,
      open: decimal(tally.open, 2),
      high: decimal(tally.high, 2),
      low: decimal(tally.low, 2),
      close: decimal(tally.close, 2),
      timestampMs: tally.storedMs,
      turnover: decimal(tally.turnover, 8),
      volume: decimal(tally.volume, 6),
    };
    if (timeframe.kind !== 'day') return row;
    return { ...row, daily: dailyOf(tally.close, this.previousClose(openMs, nowMs) ?? tally.open) };
  }

  /** Whether the row, or the close of the day before, is not as the world alone has it. */
  private isRewritten(openMs: number, closeMs: number): boolean {
    return this.additions.some(({ atMs }) => atMs < closeMs && atMs >= openMs - LONGEST_SILENCE_MS);
  }

  /** The open of the newest day before this one that had trades. */
  previousDay(dayMs: number, nowMs: number): number | undefined {
    for (let ms = dayMs - DAY_MS; ms >= dayMs - LONGEST_SILENCE_MS; ms -= DAY_MS) {
      if (this.tally(ms, ms + DAY_MS, nowMs) !== undefined) return ms;
    }
    return undefined;
  }

  private previousClose(dayMs: number, nowMs: number): number | undefined {
    const previousMs = this.previousDay(dayMs, nowMs);
    return previousMs === undefined
      ? undefined
      : this.tally(previousMs, previousMs + DAY_MS, nowMs)?.close;
  }

  private tally(fromMs: number, untilMs: number, nowMs: number): Tally | undefined {
    const base = this.baseTally(Math.max(fromMs, 0), untilMs, nowMs);
    if (this.additions.length === 0) return base;
    const added = this.additions.filter(
      ({ atMs, storedMs }) => atMs >= fromMs && atMs < untilMs && storedMs <= nowMs,
    );
    return mergeTallies(base, tallyAll(added));
  }

  private baseTally(fromMs: number, untilMs: number, nowMs: number): Tally | undefined {
    let sum: Tally | undefined;
    let ms = Math.max(fromMs, Math.floor(this.world.kind.listedMs / DAY_MS) * DAY_MS);
    const endMs = Math.min(untilMs, nowMs + 1);
    while (ms < endMs) {
      const lengthMs = settledLength(ms, untilMs, nowMs);
      sum = mergeTallies(
        sum,
        lengthMs === undefined
          ? this.storedTally(ms, untilMs, nowMs)
          : this.world.settledTally(ms, lengthMs),
      );
      ms += lengthMs ?? MINUTE_MS - (ms % MINUTE_MS);
    }
    return sum;
  }

  /** Of a minute, or of a part of one, that is not over or not whole. */
  private storedTally(fromMs: number, untilMs: number, nowMs: number): Tally | undefined {
    const minuteMs = fromMs - (fromMs % MINUTE_MS);
    const trades = this.world.tradesOf(minuteMs);
    return tallyAll(
      trades.filter(({ atMs, storedMs }) => atMs >= fromMs && atMs < untilMs && storedMs <= nowMs),
    );
  }

  private *opensBefore(timeframe: Timeframe, beforeMs: number): Generator<number> {
    const added = [...new Set(this.additions.map(({ atMs }) => timeframe.floor(atMs)))];
    const extra = added.filter((openMs) => openMs < beforeMs).sort((a, b) => a - b);
    for (const openMs of this.worldOpensBefore(timeframe, beforeMs)) {
      for (let next = extra.at(-1); next !== undefined && next >= openMs; next = extra.at(-1)) {
        extra.pop();
        if (next !== openMs) yield next;
      }
      yield openMs;
    }
    yield* extra.reverse();
  }

  private *worldOpensBefore(timeframe: Timeframe, beforeMs: number): Generator<number> {
    if (timeframe.kind === 'second') {
      yield* this.secondsBefore(beforeMs);
      return;
    }
    const opens = this.world.opensOf(timeframe);
    for (let i = countBelow(opens, beforeMs) - 1; i >= 0; i -= 1) yield opens[i] ?? 0;
  }

  private *secondsBefore(beforeMs: number): Generator<number> {
    const minutes = this.world.opensOf(MINUTE);
    for (let i = countBelow(minutes, beforeMs) - 1; i >= 0; i -= 1) {
      const trades = this.world.tradesOf(minutes[i] ?? 0);
      const opens = new Set(trades.map(({ atMs }) => atMs - (atMs % SECOND_MS)));
      yield* [...opens].filter((openMs) => openMs < beforeMs).reverse();
    }
  }
}

/** The longest calendar unit that begins here, ends within the range and is beyond change; undefined when not even the minute is. */
function settledLength(ms: number, untilMs: number, nowMs: number): number | undefined {
  return [DAY_MS, HOUR_MS, MINUTE_MS].find(
    (length) => ms % length === 0 && ms + length <= untilMs && ms + length + LATEST_TICK_MS < nowMs,
  );
}

/** Prints a whole number of 10^-digits with 8 fraction digits. */
function decimal(units: number, digits: number): string {
  const sign = units < 0 ? '-' : '';
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits).padEnd(8, '0')}`;
}

function dailyOf(close: number, previous: number) {
  const change = close - previous;
  const doubled =
    (BigInt(Math.abs(change)) * 2n * 10n ** 10n + BigInt(previous)) / BigInt(previous);
  const rate = (doubled / 2n).toString().padStart(11, '0');
  const sign = change < 0 && doubled > 1n ? '-' : '';
  return {
    previousClose: decimal(previous, 2),
    change: decimal(change, 2),
    changeRate: `${sign}${rate.slice(0, -10)}.${rate.slice(-10)}`,
  };
}
