import type { Candle } from '@candlekeep/market';

/** Why a minute is not proven. */
export type Doubt =
  /** It opened before the stream was whole again. */
  | 'partly seen'
  /** The day's volume tells of trades that were not heard, in it or near it. */
  | 'hole in the day volume'
  /** No ticker told of its last trade. */
  | 'unconfirmed end'
  /** The candle frame holds trades that were not heard. */
  | 'trades missing'
  /** No trades at its end are together what the candle frame lacks. */
  | 'unexplained volume'
  | 'prices disagree'
  | 'turnover disagrees'
  /** The product of a price and a volume, or the frame's turnover, has more digits than a candle. */
  | 'inexact turnover'
  /** Trades of the same instant at other prices: which came last is unknown. */
  | 'unsure order'
  /** Its last trade was overtaken: when it was stored is unknown. */
  | 'unsure timestamp'
  /** Nothing was traded, after many minutes that all were. */
  | 'surprising silence'
  | 'late trade'
  | 'late candle';

/** What the stream proves of a minute that has closed and settled. */
export type MinuteVerdict =
  | { readonly openMs: number; readonly kind: 'traded'; readonly row: Candle }
  | { readonly openMs: number; readonly kind: 'empty' }
  | {
      readonly openMs: number;
      readonly kind: 'doubtful';
      readonly reason: Doubt;
      readonly row?: Candle;
    };

/** A verdict before it is known of which minute. */
export type Proof =
  | { readonly kind: 'traded'; readonly row: Candle }
  | { readonly kind: 'doubtful'; readonly reason: Doubt };
