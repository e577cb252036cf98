import type { Candle, Timeframe } from '@candlekeep/market';
import { barOfTrades, candleOf, type Bar } from '../candles/bar';
import { MarketView } from '../candles/market-view';
import type { TradeSchedule, Span } from './trade-schedule';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** The newest candle that there is, which may be an old one; undefined before a market's first trade. */
export function newestCandle(view: MarketView, timeframe: Timeframe): Candle | undefined {
  const last = view.lastTradeBefore(Infinity);
  return last === undefined ? undefined : candleAt(view, timeframe, timeframe.floor(last.atMs));
}

/** What the candle channels of a market tell: its trades, and when they are stored. */
export interface CandleSource {
  view(nowMs: number): MarketView;
  readonly schedule: TradeSchedule;
}

/**
 * The candles that are told at the full seconds within the span: at each, the candle of the second before, if a trade changed it.
 * What is stored past a candle's close is told by no candle: no frame says that a candle is over, and none comes after it is.
 */
export function candleNews(source: CandleSource, timeframe: Timeframe, span: Span): Candle[] {
  const candles: Candle[] = [];
  const first = Math.ceil(span.fromMs / SECOND_MS) * SECOND_MS;
  for (let tickMs = first; tickMs < span.untilMs; tickMs += SECOND_MS) {
    const openMs = timeframe.floor(tickMs - 1);
    const news = source.schedule.storedWithin({ fromMs: tickMs - SECOND_MS, untilMs: tickMs });
    if (!news.some(({ atMs }) => atMs >= openMs)) continue;
    const candle = candleAt(source.view(tickMs - 1), timeframe, openMs);
    if (candle !== undefined) candles.push(candle);
  }
  return candles;
}

function candleAt(view: MarketView, timeframe: Timeframe, openMs: number): Candle | undefined {
  const bar =
    timeframe.kind === 'second'
      ? secondBar(view, openMs)
      : view.bar(openMs / MINUTE_MS, timeframe.closeOf(openMs) / MINUTE_MS);
  return bar === undefined ? undefined : candleOf(bar, openMs, view.tape.recording.tick);
}

function secondBar(view: MarketView, openMs: number): Bar | undefined {
  const trades = view.storedTrades(Math.floor(openMs / MINUTE_MS));
  return barOfTrades(trades.filter(({ atMs }) => atMs >= openMs && atMs < openMs + SECOND_MS));
}
