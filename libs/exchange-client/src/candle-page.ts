import type { Candle } from '@candlekeep/market';
import { z } from 'zod';
import { type CandlePageQuery, effectiveToMs } from './candle-request';
import { findPlaceFault } from './candle-rules';
import { readCandleRow } from './candle-row';
import { malformed, parseExactList } from './exact-json';
import type { ExchangeAnswer } from './exchange-transport';

/**
 * The candles of an answer whose `Date` was `answeredMs` (epoch ms), oldest first. An empty answer is an empty page.
 * Throws {@link ExchangeMalformed}, naming row, market, open and field, when any row breaks a rule: then nothing of the
 * page is used.
 */
export function readCandlePage(
  answer: ExchangeAnswer,
  query: CandlePageQuery,
  answeredMs: number,
): Candle[] {
  const rows = parseExactList(answer);
  if (rows.length > query.count) {
    throw malformed(answer, `${rows.length} rows came, ${query.count} were asked for`);
  }
  const bounds = { untilMs: effectiveToMs(query) ?? Infinity, answeredMs };
  const candles: Candle[] = [];
  for (const [index, row] of rows.entries()) {
    const outcome = readCandleRow(row, query.series);
    const fault =
      outcome.kind === 'fault'
        ? outcome.fault
        : findPlaceFault(outcome.candle, candles.at(-1), bounds);
    if (fault !== undefined) {
      throw malformed(answer, `row ${index}, ${nameOf(row)}: ${fault.field} ${fault.problem}`);
    }
    if (outcome.kind === 'candle') candles.push(outcome.candle);
  }
  return candles.reverse();
}

/** No known market or instant is longer: what is cut off is not worth a log line. */
const LONGEST_NAME = 30;

const rowName = z
  .object({
    market: z.string().catch('without market'),
    candle_date_time_utc: z.string().catch('without open'),
  })
  .catch({ market: 'without market', candle_date_time_utc: 'without open' });

/** What a row calls itself, readable or not. */
function nameOf(row: unknown): string {
  const { market, candle_date_time_utc: open } = rowName.parse(row);
  return `${market.slice(0, LONGEST_NAME)} ${open.slice(0, LONGEST_NAME)}`;
}
