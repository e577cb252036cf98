import { InvalidValue, type MarketCode, type Timeframe } from '@candlekeep/market';

/** One kind of frames, for some markets. */
export type StreamSubscription =
  | {
      readonly kind: 'candle';
      /** 1 second or minutes: there is no stream of longer candles. */
      readonly timeframe: Timeframe;
      readonly markets: readonly MarketCode[];
    }
  | {
      /** Of an order book only that it changed is read: it is a sign of life between trades. */
      readonly kind: 'trade' | 'ticker' | 'orderbook';
      readonly markets: readonly MarketCode[];
    };

/** The exchange's `type` of frames of this kind: `candle.1m`, `trade`, `ticker`, `orderbook`. */
function frameType(subscription: StreamSubscription): string {
  return subscription.kind === 'candle'
    ? `candle.${subscription.timeframe.code}`
    : subscription.kind;
}

/**
 * The message that asks for `subscriptions`, snapshot and realtime, in the DEFAULT format. `ticket` names the request,
 * any unique text.
 */
export function streamRequest(
  ticket: string,
  subscriptions: readonly StreamSubscription[],
): string {
  const types = subscriptions.map((subscription) => ({
    type: frameType(subscription),
    codes: subscription.markets,
  }));
  return JSON.stringify([{ ticket }, ...types, { format: 'DEFAULT' }]);
}

/** What a frame is about. */
export type StreamSeries =
  | { readonly kind: 'candle'; readonly timeframe: Timeframe; readonly market: MarketCode }
  | { readonly kind: 'trade' | 'ticker' | 'orderbook'; readonly market: MarketCode };

/** Every series that was asked for, by the `type` and `code` of its frames: `candle.1m KRW-BTC`. */
export type AskedSeries = ReadonlyMap<string, StreamSeries>;

/** The series of some subscriptions. */
export function askedSeries(subscriptions: readonly StreamSubscription[]): AskedSeries {
  return new Map(
    subscriptions.flatMap(({ markets, ...rest }) => {
      const type = frameType({ ...rest, markets });
      return markets.map((market) => [`${type} ${market}`, { ...rest, market }]);
    }),
  );
}

/** Throws {@link InvalidValue} for what the exchange would decline or meet with silence. */
export function requireAskable(subscriptions: readonly StreamSubscription[]): void {
  if (subscriptions.length === 0) {
    throw new InvalidValue('a stream was opened for nothing: state at least one subscription');
  }
  for (const subscription of subscriptions) {
    const type = frameType(subscription);
    if (subscription.markets.length === 0) {
      throw new InvalidValue(`the subscription to ${type} names no market: state at least one`);
    }
    const kind = subscription.kind === 'candle' ? subscription.timeframe.kind : 'second';
    if (kind !== 'second' && kind !== 'minute') {
      throw new InvalidValue(`the exchange streams no ${type}: ask for seconds or minutes`);
    }
  }
}
