/** The exchange's own names of the limit groups that are used here. Each has a budget of its own. */
export type LimitGroup = 'candles' | 'market' | 'ticker' | 'crix-trades' | 'orderbook';
