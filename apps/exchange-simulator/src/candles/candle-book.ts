import {
  RATE_DIGITS,
  textOfScaled,
  type Candle,
  type DailyChange,
  type Timeframe,
} from '@candlekeep/market';
import { candleOf, priceText, type Bar } from './bar';
import { closeBefore, dayChange } from './day-change';
import type { MarketView } from './market-view';
import type { Page } from './page';
import { secondCandles } from './second-candles';

const MINUTE_MS = 60_000;

/** The newest rows of a page, newest first; empty when there are none. Slots without a trade have no row. */
export function candlesOf(view: MarketView, timeframe: Timeframe, page: Page): Candle[] {
  return timeframe.kind === 'second'
    ? secondCandles(view, page)
    : minuteCandles(view, timeframe, page);
}

function minuteCandles(
  view: MarketView,
  timeframe: Timeframe,
  { beforeMs, count }: Page,
): Candle[] {
  const candles: Candle[] = [];
  // `to` cuts by open: the candle that contains it opens earlier and is given whole.
  let untilMs = timeframe.ceil(Math.min(beforeMs, view.nowMs + 1));
  while (candles.length < count) {
    const minute = view.lastSeenBefore(untilMs / MINUTE_MS);
    if (minute === undefined) break;
    const openMs = timeframe.floor(minute * MINUTE_MS);
    const bar = view.bar(openMs / MINUTE_MS, timeframe.closeOf(openMs) / MINUTE_MS);
    if (bar !== undefined) candles.push(printed(view, timeframe, { bar, openMs }));
    untilMs = openMs;
  }
  return candles;
}

interface Row {
  readonly bar: Bar;
  readonly openMs: number;
}

function printed(view: MarketView, timeframe: Timeframe, { bar, openMs }: Row): Candle {
  const candle = candleOf(bar, openMs, view.tape.recording.tick);
  return timeframe.kind === 'day'
    ? { ...candle, daily: dailyChange(view, { bar, openMs }) }
    : candle;
}

/** Against the close of the last day with a trade; the first day of a market is measured against its own open. */
function dailyChange(view: MarketView, { bar, openMs }: Row): DailyChange {
  const { tick } = view.tape.recording;
  const { previous, change, rate } = dayChange(bar.close, closeBefore(view, openMs) ?? bar.open);
  return {
    previousClose: priceText(previous, tick),
    change: priceText(change, tick),
    changeRate: textOfScaled(rate, RATE_DIGITS),
  };
}
