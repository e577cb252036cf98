import { isMarketCode, type MarketCode } from '@candlekeep/market';
import { z } from 'zod';
import { malformed, parseExactList } from './exact-json';
import type { ExchangeAnswer } from './exchange-transport';

/** The markets that the exchange lists. */
export interface MarketList {
  /** The answer's exact text. */
  readonly body: string;
  /** The same markets as codes, in the exchange's order. Never empty. */
  readonly markets: readonly MarketCode[];
}

export interface MarketListQuery {
  /** Whether each market comes with its warning and caution flags. */
  readonly details: boolean;
}

/** Path and query of the request. */
export function marketListTarget({ details }: MarketListQuery): string {
  return details ? '/v1/market/all?is_details=true' : '/v1/market/all';
}

/** The list in an answer. Throws {@link ExchangeMalformed} when it is empty, or a row is no market or a repeated one. */
export function readMarketList(answer: ExchangeAnswer, { details }: MarketListQuery): MarketList {
  const rows = parseExactList(answer);
  if (rows.length === 0) throw malformed(answer, 'it lists no market');
  const schema = details ? detailedRow : plainRow;
  const markets = new Set<MarketCode>();
  for (const [index, row] of rows.entries()) {
    const read = schema.safeParse(row);
    if (!read.success) throw malformed(answer, `row ${index}: ${problemOf(read.error)}`);
    const { market } = read.data;
    if (markets.has(market)) throw malformed(answer, `row ${index}: ${market} comes twice`);
    markets.add(market);
  }
  return { body: answer.body, markets: [...markets] };
}

const plainRow = z.object({
  market: z.string().refine(isMarketCode, 'is no pair such as KRW-BTC'),
  korean_name: z.string(),
  english_name: z.string(),
});

const detailedRow = plainRow.extend({
  market_event: z.object({ warning: z.boolean(), caution: z.record(z.string(), z.boolean()) }),
});

function problemOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join(', ');
}
