import { type Candle, isoSeconds } from '@candlekeep/market';
import { type CandlePageQuery, effectiveToMs } from './candle-request';
import { readCandleRow } from './candle-row';
import { malformed, parseExactList } from './exact-json';
import type { ExchangeAnswer } from './exchange-transport';

/**
 * The candles of an answer, oldest first. An empty answer is an empty page. Throws {@link ExchangeMalformed}, naming row
 * and field, when any row breaks a rule: then nothing of the page is used.
 */
export function readCandlePage(answer: ExchangeAnswer, query: CandlePageQuery): Candle[] {
  const rows = parseExactList(answer);
  if (rows.length > query.count) {
    throw malformed(answer, `${rows.length} rows came, ${query.count} were asked for`);
  }
  const candles: Candle[] = [];
  let untilMs = effectiveToMs(query) ?? Infinity;
  for (const [index, row] of rows.entries()) {
    const candle = candleIn(row, index, answer, query);
    if (candle.openMs >= untilMs) {
      const limit = index === 0 ? 'the end of the page' : 'the row above it';
      const problem = `${isoSeconds(candle.openMs)} is not before ${limit}`;
      throw malformed(answer, `row ${index}: candle_date_time_utc ${problem}`);
    }
    untilMs = candle.openMs;
    candles.push(candle);
  }
  return candles.reverse();
}

function candleIn(
  row: unknown,
  index: number,
  answer: ExchangeAnswer,
  { series }: CandlePageQuery,
): Candle {
  const outcome = readCandleRow(row, series);
  if (outcome.kind === 'candle') return outcome.candle;
  const { field, problem } = outcome.fault;
  throw malformed(answer, `row ${index}: ${field} ${problem}`);
}
