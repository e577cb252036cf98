import type { Candle } from '@candlekeep/market';
import { type HeardTrade, sumOf } from './heard-trade';
import type { LiveMinute } from './live-minute';
import { agreesWithTrades } from './prove-traded';
import { extendedRow, rowOfFrame } from './row-extension';
import type { VolumeChain } from './volume-chain';

/** One minute as it can be shown. */
export interface MinuteSight {
  /** Undefined when nothing can be shown of it yet. */
  readonly row?: Candle;
  /** From this instant on, monotonic ms, something is known that the row lacks; Infinity when nothing is. */
  readonly lacksFromMs: number;
}

/** Sights of minutes, made anew only when something was heard of them. */
export class MinuteSights {
  private readonly made = new WeakMap<LiveMinute, { of: string; sight: MinuteSight }>();

  /** The chain is that of its day, if the minute was seen whole. */
  of(minute: LiveMinute, chain: VolumeChain | undefined): MinuteSight {
    const of = `${minute.revision} ${chain?.revision ?? ''}`;
    const known = this.made.get(minute);
    if (known?.of === of) return known.sight;
    const sight = sightOfMinute(minute, chain);
    this.made.set(minute, { of, sight });
    return sight;
  }
}

/**
 * A state that the exchange itself was in: the candle frame alone, or the trades that tickers confirm up to some instant. A trade
 * that no ticker confirms yet may have overtaken another one, and a row with the second but not the first never was.
 */
function sightOfMinute(minute: LiveMinute, chain: VolumeChain | undefined): MinuteSight {
  if (chain?.covers(minute.openMs) === true && !minute.hasForgotten) {
    const counted = minute.trades.filter(isCounted);
    const arrivals = minute.arrivals.filter(isCounted);
    const extension = extendedRow(minute.best, counted, arrivals);
    if (extension !== undefined && agreesWithTrades(extension, counted, minute.best)) {
      const others = minute.trades.filter((trade) => !isCounted(trade));
      return { row: extension.row, lacksFromMs: earliest(others) };
    }
  }
  return sightOfFrame(minute);
}

/** What a frame lacks was sent after its last trade was stored; and when the trades are more than it holds, it lacks some. */
function sightOfFrame({ best, trades }: LiveMinute): MinuteSight {
  if (best === undefined) return { lacksFromMs: earliest(trades) };
  const row = rowOfFrame(best.frame);
  const surplus = sumOf(trades, 'volume') - best.volume;
  const after = trades.filter(({ sentAtMs }) => sentAtMs > best.frame.timestampMs);
  if (after.length > 0) return { row, lacksFromMs: earliest(after) };
  return { row, lacksFromMs: surplus > 0n ? best.heardAtMs : Infinity };
}

function earliest(trades: readonly HeardTrade[]): number {
  return trades.reduce((first, { knownAtMs }) => Math.min(first, knownAtMs), Infinity);
}

function isCounted(trade: HeardTrade): boolean {
  return trade.isCounted;
}
