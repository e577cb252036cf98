import { Coverage, type MarketCode, type Series, type Timeframe } from '@candlekeep/market';
import type { SeriesKnowledge } from './series-knowledge';
import { epochMsOf, epochRangesOf, tstzmultirange } from './timestamptz';

/** Ranges as the statements return them: `[[fromMs, untilMs], ...]`. */
export type EpochRanges = readonly (readonly [number, number])[];

/** One series' row in `coverage`. */
export interface SeriesRow {
  readonly timeframe: string;
  readonly revision: number;
  readonly ranges: EpochRanges;
  readonly folded: EpochRanges;
  readonly streamed: EpochRanges;
  readonly verified: EpochRanges;
}

/** A revision that is higher than `revision`, and than any other series had before this instant. */
const NEXT_REVISION = `greatest(revision + 1, ${epochMsOf('clock_timestamp()')})`;

const REVISION = 'SELECT revision FROM coverage WHERE market = $1 AND timeframe = $2';

/** Two openers at once: the second waits for the first and reads its revision. */
const OPEN = `
  INSERT INTO coverage AS opened (market, timeframe, ranges) VALUES ($1, $2, '{}')
  ON CONFLICT (market, timeframe) DO UPDATE SET revision = opened.revision
  RETURNING revision`;

/** Locks in the order of the list, which is the order of lengths in every transaction: nothing deadlocks. */
const lockText = (strength: 'SHARE' | 'UPDATE'): string => `
  SELECT timeframe, revision, ${epochRangesOf('ranges')} AS ranges,
         ${epochRangesOf('folded')} AS folded, ${epochRangesOf('streamed')} AS streamed,
         ${epochRangesOf('verified')} AS verified
    FROM coverage
   WHERE market = $1 AND timeframe = ANY ($2::text[])
   ORDER BY array_position($2::text[], timeframe)
     FOR ${strength}`;
const LOCK = { SHARE: lockText('SHARE'), UPDATE: lockText('UPDATE') };

const KNOW = `
  UPDATE coverage
     SET ranges = $3, folded = $4, streamed = $5, verified = $6,
         revision = CASE WHEN $7 THEN ${NEXT_REVISION} ELSE revision END
   WHERE market = $1 AND timeframe = $2
  RETURNING revision`;

/** The statement that reads a series' revision; no row when it was never opened. */
export function revisionStatement({ market, timeframe }: Series) {
  return { name: 'candle-store revision', text: REVISION, values: [market, timeframe.code] };
}

/** The statement that makes a series' row where there is none, and returns its revision. */
export function openStatement({ market, timeframe }: Series) {
  return { name: 'candle-store open', text: OPEN, values: [market, timeframe.code] };
}

/** The statement that locks a market's series, shortest first, and returns what is known of them. */
export function lockStatement(
  market: MarketCode,
  timeframes: readonly Timeframe[],
  strength: 'SHARE' | 'UPDATE',
) {
  const codes = timeframes.map(({ code }) => code);
  return { name: `candle-store lock ${strength}`, text: LOCK[strength], values: [market, codes] };
}

/** The statement that keeps what is now known of a locked series; its revision rises if `hasMoved`. */
export function knowStatement(
  { market, timeframe }: Series,
  known: SeriesKnowledge,
  hasMoved: boolean,
) {
  const { ranges, folded, streamed, verified } = known;
  const sets = [ranges, folded, streamed, verified].map(tstzmultirange);
  const values = [market, timeframe.code, ...sets, hasMoved];
  return { name: 'candle-store know', text: KNOW, values };
}

/** What a locked row says. */
export function knowledgeOf(row: SeriesRow): SeriesKnowledge {
  return {
    ranges: coverageOf(row.ranges),
    folded: coverageOf(row.folded),
    streamed: coverageOf(row.streamed),
    verified: coverageOf(row.verified),
  };
}

/** Throws for a range without an end: Postgres' columns take one. */
export function coverageOf(ranges: EpochRanges): Coverage {
  return Coverage.of(
    ranges.map(([fromMs, untilMs]) => {
      if (Number.isSafeInteger(fromMs) && Number.isSafeInteger(untilMs)) return { fromMs, untilMs };
      throw new TypeError(
        `a range in the table coverage goes from ${fromMs} to ${untilMs}: expected two instants; correct the row`,
      );
    }),
  );
}
