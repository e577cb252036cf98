import type { Variable } from '@candlekeep/variables';
import type { Reading } from './variables/reading';
import type { Snapshot } from './variables/snapshot';

/** Digits after the point of what has a fixed range; everything else has its magnitude's. */
const DIGITS: Readonly<Partial<Record<Variable, number>>> = {
  RSI: 2,
  STOCHASTIC: 2,
  price_change_5m: 6,
};
/** Digits in all of what has no fixed range, where that leaves no fewer than two after the point; the exchange prints at most eight there. */
const SIGNIFICANT = 8;

/** The lines of a table: where the candles are from, and each variable with its values. */
export function tableOf(snapshot: Snapshot): readonly string[] {
  const { readings } = snapshot;
  const width = Math.max(...readings.map(({ title }) => title.length));
  return [
    headOf(snapshot),
    ...readings.map((reading) => `  ${reading.title.padEnd(width)}  ${valuesText(reading)}`),
  ];
}

/** Everything in one line, for programs: `2026-01-05T09:00:00.000Z KRW-BTC 1m RSI_14=75.66 MACD_12/26/9=1.2,1.1,0.1`. */
export function lineOf({ subject, readings, asOfMs }: Snapshot): string {
  const fields = readings.map(({ variable, title, values }) => {
    const numbers = Object.values(values ?? {}).map((value) => numberText(variable, value));
    return `${title.replaceAll(' ', '_')}=${numbers.length === 0 ? 'short' : numbers.join(',')}`;
  });
  const { market, timeframe } = subject;
  return [new Date(asOfMs).toISOString(), market, timeframe.code, ...fields].join(' ');
}

/** A value as it is printed: without an exponent, and without zeros at the end. */
export function numberText(variable: Variable, value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const digits = DIGITS[variable] ?? Math.min(8, Math.max(2, SIGNIFICANT - 1 - magnitude));
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

function headOf({ subject, asOfMs, source, candles, isForming }: Snapshot): string {
  const { market, timeframe, isClosedOnly } = subject;
  const forming = isForming ? `, the newest forming${isClosedOnly ? ' and left out' : ''}` : '';
  const asOf = new Date(asOfMs).toISOString();
  const count = candles === 1 ? '1 candle' : `${candles} candles`;
  return `${market} ${timeframe.code}  as of ${asOf}  ${count}${forming}  from ${source}`;
}

function valuesText({ variable, values, candles, need }: Reading): string {
  if (values === undefined) return `short: ${candles} of ${need.minimum} candles`;
  const numbers = Object.entries(values).map(([name, value]) => {
    const text = numberText(variable, value);
    return name === 'value' ? text : `${name} ${text}`;
  });
  const isSettled = candles >= need.settled;
  return `${numbers.join('  ')}${isSettled ? '' : `  (not settled: ${candles} of ${need.settled} candles)`}`;
}
