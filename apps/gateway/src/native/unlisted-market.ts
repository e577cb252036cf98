import type { MarketCode } from '@candlekeep/market';
import { ApiRefusal } from '../api/api-refusal';

/** Why nothing is said of a market that the exchange does not list. */
export function unlistedMarket(market: MarketCode): ApiRefusal {
  const expected = 'expected a listed market: GET /api/markets names them';
  return new ApiRefusal(404, `The exchange lists no market ${market}.`, [
    { field: 'market', expected },
  ]);
}
