import type { MarketCode, Series, Timeframe } from '@candlekeep/market';
import type { Periods, Variable } from '@candlekeep/variables';

/** How a condition compares; the crossings look at one candle more on both sides, rising and falling at one more of their own. */
export const OPERATORS = [
  ...(['<', '<=', '>', '>=', '==', '!='] as const),
  ...(['crosses_above', 'crosses_below', 'rising', 'falling'] as const),
] as const;

export type Operator = (typeof OPERATORS)[number];

/** A trading variable where a strategy looks at it. */
export interface VariableUse {
  readonly variable: Variable;
  /** All periods it has; those left out are as usual. */
  readonly periods: Periods;
  /** What it reads; `position_follow` is resolved. A source is of its user's series. */
  readonly series: Series;
  /** The variable of whose values it is computed, instead of closes. */
  readonly source?: VariableUse;
}

export interface Condition extends VariableUse {
  readonly operator: Operator;
  /** What it is held against: a number, or `external`. Neither with rising and falling. */
  readonly value?: number;
  readonly external?: VariableUse;
}

export interface Rule {
  /** Its place in the document: `entry`, `management[1]`. */
  readonly where: string;
  readonly type: string;
  readonly priority: number;
  readonly isEnabled: boolean;
  readonly conditions: readonly Condition[];
}

/** A line of the flat form: `"RSI_period": 14`. */
export interface PeriodWish {
  readonly field: string;
  readonly variable: Variable;
  readonly candles: number;
}

/** What a trader's rules look at, read from either form; names and numbers are checked. */
export interface Strategy {
  readonly id: string;
  readonly positionId?: string;
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** The entry rule first, then management; disabled ones are kept and need nothing. Empty in the flat form. */
  readonly rules: readonly Rule[];
  /** The flat form's lines; empty in the form with rules. */
  readonly periods: readonly PeriodWish[];
}
