import { HashSequence } from '../tape/hash-sequence';
import { tradesOf, type Trade } from '../tape/minute-path';
import type { Tape } from '../tape/tape';

const MINUTE_MS = 60_000;
/** A trade of a minute is stored, and sent, at most this long after the minute's close. */
const LATEST_SENT_MS = 3_000;
/** A trade can be overtaken only by one that happens this soon after it. */
const OVERTAKEN_WITHIN_MS = 900;
/** How far behind the other trade an overtaken one is sent. */
const OVERTAKEN_BY_MS = 20;
/** Of trades that can be overtaken, one in this many is: a few per cent of all. */
const OVERTAKEN_EVERY = 4;
/** Minutes kept in memory: enough for a span that touches the minute's edge. */
const MOST_MINUTES = 3;

/** A trade and the moment (epoch ms) at which its stream frame leaves; some leave after the trade that follows them. */
export interface SentTrade extends Trade {
  readonly sentMs: number;
}

/** A stretch of exchange time, epoch ms, half-open. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** When the trades of one tape are stored and sent. Follows from the tape alone; only the last minutes are kept, to be cheap. */
export class TradeSchedule {
  private readonly minutes = new Map<number, readonly SentTrade[]>();

  constructor(private readonly tape: Tape) {}

  /** Trades whose frames leave within the span, in the order in which they leave. */
  sentWithin({ fromMs, untilMs }: Span): SentTrade[] {
    return this.around({ fromMs, untilMs })
      .filter(({ sentMs }) => sentMs >= fromMs && sentMs < untilMs)
      .sort((a, b) => a.sentMs - b.sentMs);
  }

  /** Trades that are stored within the span, in the order in which they are stored. */
  storedWithin({ fromMs, untilMs }: Span): Trade[] {
    return this.around({ fromMs, untilMs }).filter(
      ({ storedMs }) => storedMs >= fromMs && storedMs < untilMs,
    );
  }

  /** The trade whose frame was the last to leave by `nowMs`; undefined before the market's first. */
  lastSentAt(nowMs: number): SentTrade | undefined {
    let minute: number | undefined = Math.floor(nowMs / MINUTE_MS);
    while (minute !== undefined) {
      const sent = this.tradesIn(minute)
        .filter(({ sentMs }) => sentMs <= nowMs)
        .sort((a, b) => a.sentMs - b.sentMs);
      if (sent.length > 0) return sent.at(-1);
      minute = this.tape.lastTradedBefore(minute);
    }
    return undefined;
  }

  /** The trades of all minutes that can have something to do with the span, in the order in which they are stored. */
  private around({ fromMs, untilMs }: Span): SentTrade[] {
    const trades: SentTrade[] = [];
    const first = Math.floor((fromMs - LATEST_SENT_MS) / MINUTE_MS);
    for (let minute = first; minute * MINUTE_MS < untilMs; minute += 1) {
      trades.push(...this.tradesIn(minute));
    }
    return trades;
  }

  private tradesIn(minute: number): readonly SentTrade[] {
    const known = this.minutes.get(minute);
    if (known !== undefined) return known;
    const trades = scheduled(tradesOf(this.tape, minute));
    this.minutes.set(minute, trades);
    const [oldest] = this.minutes.keys();
    if (this.minutes.size > MOST_MINUTES && oldest !== undefined) this.minutes.delete(oldest);
    return trades;
  }
}

/** Lets some trades be overtaken by the next one of their minute. The last one, which may be late already, is left where it is. */
function scheduled(trades: readonly Trade[]): SentTrade[] {
  return trades.map((trade, index) => {
    const next = index < trades.length - 2 ? trades[index + 1] : undefined;
    const isOvertaken = next !== undefined && isClose(trade, next) && isDrawn(trade);
    return { ...trade, sentMs: isOvertaken ? next.storedMs + OVERTAKEN_BY_MS : trade.storedMs };
  });
}

/** Trades that wait for a late one are stored together, however far apart they happened: such are not close. */
function isClose(trade: Trade, next: Trade): boolean {
  const apartMs = next.atMs - trade.atMs;
  return apartMs <= OVERTAKEN_WITHIN_MS && next.storedMs - trade.storedMs === apartMs;
}

function isDrawn({ sequentialId }: Trade): boolean {
  return new HashSequence(`overtaken ${sequentialId}`).below(OVERTAKEN_EVERY) === 0;
}
