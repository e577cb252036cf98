import type { CandleStore } from '@candlekeep/candle-cache';
import { Coverage, laneRank, type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import type { Stack } from './stack';

const terms = { signal: new AbortController().signal, demand: steadyDemand(laneRank('reconcile')) };
/** A round of more pages than this settles nothing. */
const MOST_PAGES = 60;
const SERIES_AT_ONCE = 100;

/** Reads again, from the exchange itself, what is stored but in doubt, and tells L1. Says whether all of it was read. */
export async function lookAgain(
  stack: Stack,
  store: CandleStore,
  beforeMs: number,
): Promise<boolean> {
  const found = await store.findUnverified({ beforeMs, limit: SERIES_AT_ONCE });
  let pages = 0;
  for (const { series, ranges } of found) {
    let left = ranges;
    for (let newest = left.ranges.at(-1); newest !== undefined; newest = left.ranges.at(-1)) {
      pages += 1;
      if (pages > MOST_PAGES) return false;
      const untilMs = series.timeframe.floor(newest.untilMs);
      const covered = await readAgain(stack, series, untilMs);
      left = left.subtract(Coverage.of([{ fromMs: covered.fromMs, untilMs: Infinity }]));
    }
  }
  await stack.news.tellAll();
  return true;
}

/** Reads one minute again in every timeframe in which it is stored. */
export async function lookAgainAt(
  stack: Stack,
  store: CandleStore,
  { market, minuteMs }: { market: MarketCode; minuteMs: number },
): Promise<boolean> {
  for (const timeframe of Timeframe.ALL) {
    const series = { market, timeframe };
    const openMs = timeframe.floor(minuteMs);
    const { coverage } = await store.read(series, { beforeMs: 0, limit: 0 });
    // The day after shows the close of this one, however many days without trades lie between.
    const slots = timeframe.kind === 'day' ? 6 : 1;
    const opens = Array.from({ length: slots }, (_, i) => timeframe.shift(openMs, i));
    const newest = opens.filter((ms) => coverage.contains({ fromMs: ms, untilMs: ms + 1 })).at(-1);
    if (newest !== undefined) await readAgain(stack, series, timeframe.closeOf(newest));
  }
  await stack.news.tellAll();
  return true;
}

async function readAgain(stack: Stack, series: Series, untilMs: number) {
  const outcome = await stack.fetcher.readPage({ series, untilMs, evenIfKnown: true }, terms);
  if (outcome.kind === 'known')
    throw new Error('a page that was asked for whatever is known was not read');
  return outcome.covered;
}
