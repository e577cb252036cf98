import { textOfScaled, type MarketCode } from '@candlekeep/market';
import { priceText } from '../candles/bar';
import type { MarketView } from '../candles/market-view';
import { HashSequence } from '../tape/hash-sequence';
import type { Trade } from '../tape/minute-path';
import { lastBookMove } from './book-pace';

const MOST_LEVELS = 30;
/** Neighbouring levels lie at most this many ticks apart. */
const WIDEST_GAP = 3;
/** Sizes are 0.1 to 4 times that of the last trade. */
const SIZE_TENTHS = 40;
/** `level` may be one of so many powers of ten above the tick, or 0. */
const LEVEL_POWERS = [1, 2, 3, 4, 5];

/** One line of the book on both sides; decimals are text with 8 fraction digits. */
export interface BookUnit {
  readonly askPrice: string;
  readonly bidPrice: string;
  readonly askSize: string;
  readonly bidSize: string;
}

/** An order book in the words of the wire: best prices first. */
export interface OrderBook {
  readonly market: MarketCode;
  /** When it changed last, by a trade or by orders that came or went. */
  readonly timestampMs: number;
  readonly totalAskSize: string;
  readonly totalBidSize: string;
  readonly units: readonly BookUnit[];
  /** The step to which prices are gathered, 10^-8 of the quote currency; 0: none. */
  readonly level: bigint;
}

/** The steps to which a market's book can be gathered, in 10^-8 of the quote currency, 0 first. */
export function bookLevels(view: MarketView): bigint[] {
  const { tick } = view.tape.recording;
  return [0n, ...LEVEL_POWERS.map((power) => tick * 10n ** BigInt(power))];
}

/**
 * A book around the last trade. Its prices are drawn by lot from that trade's id, its sizes anew whenever orders come or go
 * (`book-pace.ts`): the same in every process. Who bought last took the best ask, who sold last the best bid. Undefined before a
 * market's first trade.
 */
export function orderBook(
  market: MarketCode,
  view: MarketView,
  { level, count }: { level: bigint; count: number },
): OrderBook | undefined {
  const last = view.lastTradeBefore(Infinity);
  if (last === undefined) return undefined;
  const { recording } = view.tape;
  const { tick } = recording;
  const sinceTrade = { fromMs: last.storedMs, untilMs: view.nowMs + 1 };
  const timestampMs = lastBookMove(recording, sinceTrade) ?? last.storedMs;
  const name = `${recording.market} book ${last.sequentialId}`;
  const draws = {
    prices: new HashSequence(name),
    sizes: new HashSequence(`${name} ${timestampMs}`),
  };
  const step = level === 0n ? 1 : Number(level / tick);
  const asks = gather(drawSide(last, 'ASK', draws), (price) => Math.ceil(price / step) * step);
  const bids = gather(drawSide(last, 'BID', draws), (price) => Math.floor(price / step) * step);
  return {
    market,
    timestampMs,
    totalAskSize: totalOf(asks),
    totalBidSize: totalOf(bids),
    units: zip(asks, bids, tick).slice(0, count),
    level,
  };
}

/** Price in ticks, size in 10^-8. */
interface Level {
  readonly price: number;
  readonly size: bigint;
}

interface Draws {
  readonly prices: HashSequence;
  readonly sizes: HashSequence;
}

/** One side of the book, best price first: asks rise, bids fall, but not to zero. */
function drawSide(last: Trade, side: 'ASK' | 'BID', { prices, sizes }: Draws): Level[] {
  const step = side === 'ASK' ? 1 : -1;
  const wasTaken = (side === 'ASK') === (last.side === 'BID');
  let price = wasTaken ? last.price : last.price + step * (1 + prices.below(WIDEST_GAP));
  const levels: Level[] = [];
  while (levels.length < MOST_LEVELS && price > 0) {
    levels.push({ price, size: (last.volume * BigInt(1 + sizes.below(SIZE_TENTHS))) / 10n + 1n });
    price += step * (1 + prices.below(WIDEST_GAP));
  }
  return levels;
}

function gather(levels: readonly Level[], place: (price: number) => number): Level[] {
  const gathered = new Map<number, bigint>();
  for (const { price, size } of levels) {
    gathered.set(place(price), (gathered.get(place(price)) ?? 0n) + size);
  }
  return [...gathered].map(([price, size]) => ({ price, size })).filter(({ price }) => price > 0);
}

function totalOf(levels: readonly Level[]): string {
  return textOfScaled(levels.reduce((sum, { size }) => sum + size, 0n));
}

function zip(asks: readonly Level[], bids: readonly Level[], tick: bigint): BookUnit[] {
  return asks.flatMap((ask, index) => {
    const bid = bids[index];
    if (bid === undefined) return [];
    return {
      askPrice: priceText(ask.price, tick),
      bidPrice: priceText(bid.price, tick),
      askSize: textOfScaled(ask.size),
      bidSize: textOfScaled(bid.size),
    };
  });
}
