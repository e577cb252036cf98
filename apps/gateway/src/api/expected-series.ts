import { Timeframe } from '@candlekeep/market';

/** What is said to whoever gives something else for a market. */
export const EXPECTED_MARKET = 'expected one pair such as KRW-BTC';

/** What is said to whoever gives something else for a timeframe. */
export const EXPECTED_TIMEFRAME = `expected one of ${Timeframe.ALL.map(({ code }) => code).join(', ')}`;
