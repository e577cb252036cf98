import type { VariableUse } from '../strategy';
import { periodsOf } from './variables';

/** A variable as people say it: `RSI 14`, `MACD 12/26/9`, `SMA 20 of RSI 14`, `CURRENT_PRICE`. */
export function titleOf({ variable, periods, source }: VariableUse): string {
  const numbers = periodsOf(variable).map(([name]) => periods[name]);
  const title = numbers.length === 0 ? variable : `${variable} ${numbers.join('/')}`;
  return source === undefined ? title : `${title} of ${titleOf(source)}`;
}
