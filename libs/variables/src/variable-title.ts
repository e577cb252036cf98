import type { Periods } from './history-rules';
import { periodsOf, type Variable } from './variables';

/** A variable with all its periods, and what it is computed of when that is not closes. */
export interface NamedVariable {
  readonly variable: Variable;
  readonly periods: Periods;
  readonly source?: NamedVariable;
}

/** A variable as people say it: `RSI 14`, `MACD 12/26/9`, `SMA 20 of RSI 14`, `CURRENT_PRICE`. */
export function titleOf({ variable, periods, source }: NamedVariable): string {
  const numbers = periodsOf(variable).map(([name]) => periods[name]);
  const title = numbers.length === 0 ? variable : `${variable} ${numbers.join('/')}`;
  return source === undefined ? title : `${title} of ${titleOf(source)}`;
}
