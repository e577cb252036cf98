/** The exchange's own names of the limit groups that are used here. Each has a budget of its own. */
export type LimitGroup = 'candles' | 'market' | 'ticker' | 'crix-trades' | 'orderbook';

/** One thing for each limit group, such as its limiter. */
export function byLimitGroup<Thing>(make: (group: LimitGroup) => Thing): Record<LimitGroup, Thing> {
  return {
    candles: make('candles'),
    market: make('market'),
    ticker: make('ticker'),
    'crix-trades': make('crix-trades'),
    orderbook: make('orderbook'),
  };
}
