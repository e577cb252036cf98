import { type Bar, barOfTrades, joinBars } from '../../apps/exchange-simulator/src/candles/bar';
import { MarketView } from '../../apps/exchange-simulator/src/candles/market-view';
import { MarketStream } from '../../apps/exchange-simulator/src/stream/market-stream';
import { type Trade, tradesOf } from '../../apps/exchange-simulator/src/tape/minute-path';
import type { Tape } from '../../apps/exchange-simulator/src/tape/tape';

const MINUTE_MS = 60_000;
const MOST_KEPT = 4_096;

/** What follows from a tape alone, kept since a day in virtual time asks for it again and again. */
export class TapeMemory {
  private readonly trades = new Map<number, Trade[]>();
  private readonly bars = new Map<string, Bar | undefined>();

  constructor(readonly tape: Tape) {}

  tradesIn(minute: number): Trade[] {
    return remembered(this.trades, minute, () => tradesOf(this.tape, minute));
  }

  settledBar(fromMinute: number, untilMinute: number, fold: () => Bar | undefined) {
    return remembered(this.bars, `${fromMinute} ${untilMinute}`, fold);
  }
}

/** The simulator's view of a market at one instant, quicker. */
export class QuickView extends MarketView {
  constructor(
    private readonly memory: TapeMemory,
    nowMs: number,
  ) {
    super(memory.tape, nowMs);
  }

  override storedTrades(minute: number): Trade[] {
    return this.memory.tradesIn(minute).filter(({ storedMs }) => storedMs <= this.nowMs);
  }

  override bar(fromMinute: number, untilMinute: number): Bar | undefined {
    const forming = Math.floor(this.nowMs / MINUTE_MS);
    const settledUntil = Math.min(untilMinute, forming - 1);
    const settled = this.memory.settledBar(fromMinute, settledUntil, () =>
      super.bar(fromMinute, settledUntil),
    );
    const young = [forming - 1, forming].filter(
      (minute) => minute >= fromMinute && minute < untilMinute,
    );
    const bars = [settled, ...young.map((minute) => barOfTrades(this.storedTrades(minute)))];
    return joinBars(bars.filter((bar) => bar !== undefined));
  }
}

/** The simulator's stream of a market, quicker. */
export class QuickStream extends MarketStream {
  constructor(
    readonly code: ConstructorParameters<typeof MarketStream>[0],
    private readonly memory: TapeMemory,
  ) {
    super(code, memory.tape);
  }

  override view(nowMs: number): QuickView {
    return new QuickView(this.memory, nowMs);
  }
}

function remembered<Key, Value>(kept: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, made);
  return made;
}
