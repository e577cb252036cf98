import type { DailyChange, Timeframe } from '@candlekeep/market';
import type { CandleSlot } from './candle-slot';

/** A column of instants, epoch ms. */
export interface InstantColumn {
  readonly name: string;
  readonly kind: 'instant';
  readonly read: (slot: CandleSlot) => number | null;
}

/** A column of amounts: exact decimal text, never a float. */
export interface AmountColumn {
  readonly name: string;
  readonly kind: 'amount';
  readonly read: (slot: CandleSlot) => string | null;
}

export type CandleColumn = InstantColumn | AmountColumn;

/** What nothing traded amounts to, where the close before is carried forward. */
const NOTHING = '0';

const PLAIN: readonly CandleColumn[] = [
  { name: 'openMs', kind: 'instant', read: ({ openMs }) => openMs },
  price('open'),
  price('high'),
  price('low'),
  price('close'),
  traded('volume'),
  traded('turnover'),
  { name: 'timestampMs', kind: 'instant', read: ({ candle }) => candle?.timestampMs ?? null },
];
const DAILY: readonly CandleColumn[] = [
  daily('previousClose'),
  daily('change'),
  daily('changeRate'),
];

/** Every column there is, in the order in which they are told. */
export const COLUMN_NAMES: readonly string[] = [...PLAIN, ...DAILY].map(({ name }) => name);

/** The columns that a timeframe has, in their order. */
export function columnsOf(timeframe: Timeframe): readonly CandleColumn[] {
  return timeframe.kind === 'day' ? [...PLAIN, ...DAILY] : PLAIN;
}

function price(name: 'open' | 'high' | 'low' | 'close'): AmountColumn {
  const read = ({ candle, carried }: CandleSlot) => candle?.[name] ?? carried ?? null;
  return { name, kind: 'amount', read };
}

function traded(name: 'volume' | 'turnover'): AmountColumn {
  const read = ({ candle, carried }: CandleSlot) =>
    candle?.[name] ?? (carried === undefined ? null : NOTHING);
  return { name, kind: 'amount', read };
}

function daily(name: keyof DailyChange): AmountColumn {
  return { name, kind: 'amount', read: ({ candle }) => candle?.daily?.[name] ?? null };
}
