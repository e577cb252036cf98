import { isList, isRecord } from '../json-value';
import { misunderstood } from './misunderstood';

/** A market that the exchange lists. */
export interface Market {
  /** Quote currency first: `KRW-BTC`. */
  readonly market: string;
  readonly koreanName: string;
  readonly englishName: string;
}

/** Reads the body of `/api/markets`. Throws `CandlekeepRequestFailed` for anything else. */
export function readMarkets(body: unknown): readonly Market[] {
  if (isList(body) && body.every(isMarket)) return body;
  throw misunderstood('it is no list of markets');
}

function isMarket(value: unknown): value is Market {
  return (
    isRecord(value) &&
    typeof value.market === 'string' &&
    typeof value.koreanName === 'string' &&
    typeof value.englishName === 'string'
  );
}
