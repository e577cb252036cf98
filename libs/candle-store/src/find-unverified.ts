import {
  type Coverage,
  type MarketCode,
  parseMarketCode,
  type Series,
  Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import { retainedFromMs } from './retention';
import { coverageOf, type EpochRanges } from './series-rows';
import { epochRangesOf, timestamptz } from './timestamptz';

/** Slots are whole: each timeframe has its own last close before the instant, and its own end of what can be looked up. */
const TEXT = `
  SELECT market, timeframe, ${epochRangesOf('doubt')} AS ranges
    FROM coverage
    JOIN unnest($1::text[], $7::timestamptz[], $2::timestamptz[]) AS closed (timeframe, since, until) USING (timeframe)
   CROSS JOIN LATERAL (
         SELECT (ranges - verified) * tstzmultirange(tstzrange(closed.since, closed.until)) AS doubt) AS open
   WHERE ($8::text IS NULL OR market = $8) AND NOT isempty(doubt) AND (lower(doubt), market, timeframe) > ($4::timestamptz, $5::text, $6::text)
   ORDER BY lower(doubt), market, timeframe
   LIMIT $3`;

const DAY_MS = 24 * 3_600_000;
/** Before every stretch. */
const FIRST = ['-infinity', '', ''];

/** Where a series is known but not beyond doubt: folded, streamed, or read too soon after the close. */
export interface UnverifiedStretch {
  readonly series: Series;
  readonly ranges: Coverage;
}

/** Slots that closed at or before `beforeMs`, in at most `limit` series: the first ones, or those behind `after`. */
export interface UnverifiedQuery {
  readonly beforeMs: number;
  readonly limit: number;
  /** Of this one only. */
  readonly market?: MarketCode | undefined;
  /** The last one of an earlier answer. */
  readonly after?: UnverifiedStretch;
}

export interface UnverifiedRow {
  readonly market: string;
  readonly timeframe: string;
  readonly ranges: EpochRanges;
}

/** The statement that looks for doubt, the oldest first. */
export function unverifiedStatement({ beforeMs, limit, market, after }: UnverifiedQuery) {
  const codes = Timeframe.ALL.map(({ code }) => code);
  const ranges = Timeframe.ALL.map((timeframe) => doubtRange(timeframe, beforeMs));
  const untils = ranges.map(({ untilMs }) => timestamptz(untilMs));
  const sinces = ranges.map(({ fromMs }) => timestamptz(fromMs));
  return {
    name: 'candle-store unverified',
    text: TEXT,
    values: [codes, untils, limit, ...placeOf(after), sinces, market ?? null],
  };
}

/** Where doubts can be settled: slots that closed by then, and that the exchange keeps for a day more, so that a look is in time. */
export function doubtRange(timeframe: Timeframe, beforeMs: number): TimeRange {
  const untilMs = Math.max(timeframe.floor(beforeMs), 0);
  return { fromMs: Math.min(untilMs, retainedFromMs(timeframe, beforeMs + DAY_MS)), untilMs };
}

/** Where a stretch stands in the order of all. */
function placeOf(stretch: UnverifiedStretch | undefined): string[] {
  const [oldest] = stretch?.ranges.ranges ?? [];
  if (stretch === undefined || oldest === undefined) return FIRST;
  const { market, timeframe } = stretch.series;
  return [timestamptz(oldest.fromMs), market, timeframe.code];
}

export function unverifiedStretch({ market, timeframe, ranges }: UnverifiedRow): UnverifiedStretch {
  const series = { market: parseMarketCode(market), timeframe: Timeframe.parse(timeframe) };
  return { series, ranges: coverageOf(ranges) };
}
