import type { MarketCode } from '@candlekeep/market';
import type { SeriesKnowledge } from './series-knowledge';
import { knowledgeOf, type SeriesRow } from './series-rows';
import { epochRangesOf } from './timestamptz';

const KNOWLEDGE = `
  SELECT timeframe, revision, ${epochRangesOf('ranges')} AS ranges,
         ${epochRangesOf('folded')} AS folded, ${epochRangesOf('streamed')} AS streamed,
         ${epochRangesOf('verified')} AS verified
    FROM coverage WHERE market = $1`;

/** What is known of a series and how that came to be, and the series' revision. */
export interface StoredKnowledge extends SeriesKnowledge {
  readonly revision: number;
}

/** The statement that reads what is known of each series of a market, and how. */
export function knowledgeStatement(market: MarketCode) {
  return { name: 'candle-store knowledge', text: KNOWLEDGE, values: [market] };
}

/** The statement's rows by timeframe code. */
export function storedKnowledge(found: readonly SeriesRow[]): ReadonlyMap<string, StoredKnowledge> {
  return new Map(
    found.map((row) => [row.timeframe, { ...knowledgeOf(row), revision: row.revision }]),
  );
}
