import type { Candle } from '@candlekeep/market';
import type { Trade } from '../tape/minute-path';
import { barOfTrades, candleOf } from './bar';
import type { MarketView } from './market-view';
import type { Page } from './page';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** The exchange keeps seconds for three months; here they are the shortest three. */
const RETENTION_MS = 90 * 1_440 * MINUTE_MS;

/** Rows of `/candles/seconds`, newest first. A second's row appears when the second is over and is kept for 90 days. */
export function secondCandles(view: MarketView, { beforeMs, count }: Page): Candle[] {
  const oldestMs = view.nowMs - RETENTION_MS;
  const untilMs = Math.min(beforeMs, view.nowMs - SECOND_MS + 1);
  const candles: Candle[] = [];
  let minute = view.lastSeenBefore(Math.ceil(untilMs / MINUTE_MS));
  while (minute !== undefined && (minute + 1) * MINUTE_MS > oldestMs && candles.length < count) {
    const rows = secondsWithin(view, minute).filter(
      ({ openMs }) => openMs < untilMs && openMs >= oldestMs,
    );
    candles.push(...rows);
    minute = view.lastSeenBefore(minute);
  }
  return candles.slice(0, count);
}

function secondsWithin(view: MarketView, minute: number): Candle[] {
  const bySecond = new Map<number, Trade[]>();
  for (const trade of view.storedTrades(minute).reverse()) {
    const openMs = trade.atMs - (trade.atMs % SECOND_MS);
    bySecond.set(openMs, [trade, ...(bySecond.get(openMs) ?? [])]);
  }
  return [...bySecond].flatMap(([openMs, trades]) => {
    const bar = barOfTrades(trades);
    return bar === undefined ? [] : [candleOf(bar, openMs, view.tape.recording.tick)];
  });
}
