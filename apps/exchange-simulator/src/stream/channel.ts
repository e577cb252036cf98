import { Timeframe } from '@candlekeep/market';

/** What a subscription can be about; `type` is its name on the wire. */
export type Channel =
  | { readonly kind: 'trade' | 'ticker' | 'orderbook'; readonly type: string }
  | { readonly kind: 'candle'; readonly type: string; readonly timeframe: Timeframe };

const CHANNELS = new Map<string, Channel>([
  ['trade', { kind: 'trade', type: 'trade' }],
  ['ticker', { kind: 'ticker', type: 'ticker' }],
  ['orderbook', { kind: 'orderbook', type: 'orderbook' }],
  ...Timeframe.ALL.filter(({ kind }) => kind === 'second' || kind === 'minute').map(candleChannel),
]);

/** Finds a channel by its name on the wire, such as `trade` or `candle.5m`; there are no streams of days and longer candles. */
export function findChannel(type: string): Channel | undefined {
  return CHANNELS.get(type);
}

function candleChannel(timeframe: Timeframe): [string, Channel] {
  const type = `candle.${timeframe.code}`;
  return [type, { kind: 'candle', type, timeframe }];
}
