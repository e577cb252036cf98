import { PAGE_ROWS } from '@candlekeep/candle-cache';
import type { MarketCode, Timeframe } from '@candlekeep/market';
import { finestFirst } from './nesting';
import { MINUTE, type Tape, type Tapes } from '../support/tape';
import type { TimedRequest } from './timed-request';
import { type CandleNeed, type Need, type SightNeed, Witnesses } from './witnesses';

/**
 * A lower bound of the calls with which anybody, a clairvoyant who knows all requests beforehand included, can answer them.
 *
 * It is a set of witnesses: needs that must each be served by some call, and of which no call can serve two. So there are at
 * least as many calls as witnesses, whoever makes them and whenever. What a call can do is judged generously; that only makes
 * the bound smaller, never wrong:
 * - A call is of one market and one timeframe, at one instant, and shows at most `pageRows` consecutive rows that have opened by then.
 * - A request that reaches the present needs a call that shows it (a page with the newest row), made no longer ago than its
 *   maximum age, of its own timeframe or of any that fits into it, since longer candles can be folded but not divided.
 * - A request for a closed candle needs a page that shows its last traded minute, after that minute's close (before it nobody
 *   knows what will be traded) and before the request; of its own timeframe or of any that fits into it, whether our own folding
 *   uses that or not. Its other minutes are for nothing.
 * - Nothing else is needed: no settling time, no proof of emptiness, no previous close, no second look.
 *
 * Witnesses are picked greedily from the needs in several orders, and the largest set counts; each set by itself is a bound.
 */
export function lowerBound(
  requests: readonly TimedRequest[],
  tapes: Tapes,
  pageRows = PAGE_ROWS,
): number {
  const markets = new Set(requests.map(({ series }) => series.market));
  let calls = 0;
  for (const market of markets) {
    const tape = tapes.get(market);
    if (tape === undefined) throw new RangeError(`there is no tape of ${market}`);
    calls += mostWitnesses(ofMarket(requests, market), tape, pageRows);
  }
  return calls;
}

function ofMarket(requests: readonly TimedRequest[], market: MarketCode): TimedRequest[] {
  return requests.filter(({ series }) => series.market === market).sort((a, b) => a.atMs - b.atMs);
}

function mostWitnesses(requests: readonly TimedRequest[], tape: Tape, pageRows: number): number {
  const sights = sightNeeds(requests);
  const candles = candleNeeds(requests, tape);
  const newestFirst = candles.toReversed();
  const orders = [candles, newestFirst, coarsestFirst(candles), coarsestFirst(newestFirst)];
  const count = (needs: readonly Need[]): number => {
    const witnesses = new Witnesses(tape, pageRows);
    for (const need of needs) witnesses.add(need);
    return witnesses.size;
  };
  const sizes = orders.flatMap((order) => [
    count([...sights, ...order]),
    count([...order, ...sights]),
  ]);
  return Math.max(...sizes);
}

/** The end first that comes first: so a greedy choice of spans that do not overlap is the largest there is. */
function sightNeeds(requests: readonly TimedRequest[]): SightNeed[] {
  const needs = requests.flatMap(({ atMs, series, beforeMs, maxAgeMs }): SightNeed[] => {
    const { timeframe } = series;
    if (beforeMs <= timeframe.floor(atMs)) return [];
    return [{ kind: 'sight', timeframe, fromMs: atMs - maxAgeMs, untilMs: atMs }];
  });
  return needs.sort((a, b) => a.untilMs - b.untilMs || finestFirst(a.timeframe, b.timeframe));
}

/** Each closed candle that is asked for, with the first request for it; finest timeframe and oldest candle first. */
function candleNeeds(requests: readonly TimedRequest[], tape: Tape): CandleNeed[] {
  const firstAsked = new Map<Timeframe, Map<number, number>>();
  for (const { atMs, series, beforeMs, count, maxAgeMs } of requests) {
    const { timeframe } = series;
    const asked = firstAsked.get(timeframe) ?? new Map<number, number>();
    firstAsked.set(timeframe, asked);
    const isForming = beforeMs > timeframe.floor(atMs);
    const closed = closedRows(tape, timeframe, Math.min(beforeMs, atMs));
    const first = Math.max(0, closed - count + (isForming ? 1 : 0));
    // The answer may be as old as its maximum age, and then lacks what has closed since.
    const end = closedRows(tape, timeframe, Math.min(beforeMs, atMs - maxAgeMs));
    for (let row = first; row < end; row += 1) if (!asked.has(row)) asked.set(row, atMs);
  }
  const timeframes = [...firstAsked].sort(([a], [b]) => finestFirst(a, b));
  return timeframes.flatMap(([timeframe, asked]) =>
    [...asked]
      .sort(([a], [b]) => a - b)
      .map(([row, untilMs]): CandleNeed => {
        const closeMs = timeframe.closeOf(tape.openOf(timeframe, row));
        const minuteMs = tape.openOf(MINUTE, tape.rowsBefore(MINUTE, closeMs) - 1);
        const fromMs = MINUTE.closeOf(minuteMs);
        return { kind: 'candle', timeframe, minuteMs, fromMs, untilMs };
      }),
  );
}

/** Rows that have closed by an instant, numbered from 0 on. */
function closedRows(tape: Tape, timeframe: Timeframe, ms: number): number {
  return tape.rowsBefore(timeframe, timeframe.floor(ms));
}

function coarsestFirst(needs: readonly CandleNeed[]): CandleNeed[] {
  return needs.toSorted((a, b) => finestFirst(b.timeframe, a.timeframe));
}
