import { parseIsoSeconds } from '@candlekeep/market';

/** A market of this exchange: its names and the fixed instant (epoch ms) from which it has candles. */
export interface ListedMarket {
  readonly market: string;
  readonly koreanName: string;
  readonly englishName: string;
  readonly listedMs: number;
}

/**
 * In the order of `/v1/market/all`. KRW-KNC is young on purpose: its history is short in the larger units and starts inside a candle
 * of each of them.
 */
export const LISTED_MARKETS: readonly ListedMarket[] = [
  listed('KRW-BTC', '비트코인', 'Bitcoin', '2017-09-25T03:00:00'),
  listed('KRW-ETH', '이더리움', 'Ethereum', '2017-09-25T03:00:00'),
  listed('KRW-SOL', '솔라나', 'Solana', '2021-10-15T06:00:00'),
  listed('KRW-DOGE', '도지코인', 'Dogecoin', '2021-02-24T05:30:00'),
  listed('KRW-KNC', '카이버네트워크', 'Kyber Network', '2025-11-12T02:37:00'),
];

/** Markets that this exchange once had: their codes are answered like unknown ones. */
export const DELISTED_MARKETS: readonly string[] = ['KRW-LUNA'];

function listed(
  market: string,
  koreanName: string,
  englishName: string,
  since: string,
): ListedMarket {
  return { market, koreanName, englishName, listedMs: parseIsoSeconds(since) };
}
