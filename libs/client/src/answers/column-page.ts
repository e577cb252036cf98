import { isList, isRecord } from '../json-value';
import { type AnswerFacts, readFacts } from './candle-page';
import { misunderstood } from './misunderstood';

/** Columns that every timeframe has, and three that only days have. */
export type ColumnName =
  | ('openMs' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover' | 'timestampMs')
  | ('previousClose' | 'change' | 'changeRate');

/** Columns of a series that is not of days. */
export type PlainColumnName = Exclude<ColumnName, 'previousClose' | 'change' | 'changeRate'>;

/**
 * Candles as columns of doubles, oldest first: what a calculation wants, not what an account wants, since a double keeps some 15 digits.
 * NaN where a filled slot is empty.
 */
export interface ColumnPage<C extends string = PlainColumnName> extends AnswerFacts {
  /** Candles, or slots, in each column. */
  readonly length: number;
  /** The caller's own: nobody else sees what he writes into them. */
  readonly columns: Readonly<Record<C, Float64Array>>;
  /** Which slots were not traded in; only where `fill` was asked for. */
  readonly isEmpty?: readonly boolean[];
}

/** Reads the body of an answer in columns of numbers. Throws `CandlekeepRequestFailed` for anything else. */
export function readColumnPage(body: unknown): ColumnPage<string> {
  const given = isRecord(body) ? body.columns : undefined;
  if (!isRecord(given)) throw misunderstood('it has no object "columns"');
  const { isEmpty, ...amounts } = given;
  const columns = Object.fromEntries(
    Object.entries(amounts).map(([name, values]) => [name, readColumn(name, values)]),
  );
  const length = Object.values(columns)[0]?.length ?? 0;
  const flags = isList(isEmpty) ? { isEmpty: isEmpty.map((flag) => flag === true) } : {};
  return { columns, length, ...flags, ...readFacts(body) };
}

function readColumn(name: string, values: unknown): Float64Array {
  if (!isList(values)) throw misunderstood(`column "${name}" is no list`);
  const column = new Float64Array(values.length);
  values.forEach((value, at) => {
    if (typeof value !== 'number' && value !== null) {
      throw misunderstood(`${name}[${at}] is ${JSON.stringify(value)}`);
    }
    column[at] = value ?? NaN;
  });
  return column;
}
