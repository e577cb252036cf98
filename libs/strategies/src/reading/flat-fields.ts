import { periodsOf, type Variable, VARIABLES } from '@candlekeep/variables';

/** A field of the flat form: `RSI_period`, `MACD_slow_period`, `HIGH_period`. */
export interface FlatField {
  readonly name: string;
  readonly variable: Variable;
  readonly min: number;
  readonly max: number;
}

/** What the trade leaves out of a name. */
const SHORT: Readonly<Partial<Record<Variable, string>>> = { HIGH_PRICE: 'HIGH', LOW_PRICE: 'LOW' };

/** Every field of the flat form, in the variables' order. */
export const FLAT_FIELDS: readonly FlatField[] = VARIABLES.flatMap((variable) =>
  periodsOf(variable).flatMap(([period, { min, max }]) => {
    const suffix = period === 'period' ? '_period' : `_${period}_period`;
    const short = SHORT[variable];
    return [variable, ...(short === undefined ? [] : [short])].map((stem) => ({
      ...{ name: `${stem}${suffix}`, variable, min, max },
    }));
  }),
);
