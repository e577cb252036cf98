import type { Listing } from '../listing/market-list';
import { Refused, REFUSALS } from './reply';

const NO_CAUTION = {
  PRICE_FLUCTUATIONS: false,
  TRADING_VOLUME_SOARING: false,
  DEPOSIT_AMOUNT_SOARING: false,
  GLOBAL_PRICE_DIFFERENCES: false,
  CONCENTRATION_OF_SMALL_ACCOUNTS: false,
};

/** Prints the body of `/v1/market/all`; the query may ask for details under the new or the old name. Throws {@link Refused}. */
export function marketBody(markets: readonly Listing[], query: URLSearchParams): string {
  const withDetails = readFlag(query.get('is_details') ?? query.get('isDetails') ?? '');
  const details = withDetails ? { market_event: { warning: false, caution: NO_CAUTION } } : {};
  return JSON.stringify(
    markets.map(({ market, koreanName, englishName }) => ({
      market,
      korean_name: koreanName,
      english_name: englishName,
      ...details,
    })),
  );
}

function readFlag(text: string): boolean {
  if (!['', 'true', 'false'].includes(text)) throw new Refused(REFUSALS.wrongType);
  return text === 'true';
}
