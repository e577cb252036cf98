import {
  AMOUNT_DIGITS,
  type Candle,
  type Coverage,
  decimalText,
  RATE_DIGITS,
  type TimeRange,
} from '@candlekeep/market';
import type { Difference } from './history-task';

/** What the store knew and what the exchange showed of one stretch. */
export interface PageComparison {
  /** The stretch that both speak for. */
  readonly range: TimeRange;
  /** What the store knew of it before the exchange was asked. */
  readonly stored: { readonly coverage: Coverage; readonly rows: readonly Candle[] };
  /** The exchange's own rows. */
  readonly native: readonly Candle[];
}

export interface ComparisonResult {
  /** Slots that both have, equal or not. */
  readonly compared: number;
  /** Native rows of slots that the store knew nothing of. */
  readonly added: number;
  /** Oldest first. */
  readonly differences: readonly Difference[];
}

/** Holds stored rows against the exchange's, every field of them. */
export function comparePage({ range, stored, native }: PageComparison): ComparisonResult {
  const within = ({ openMs }: Candle): boolean => openMs >= range.fromMs && openMs < range.untilMs;
  const known = ({ openMs }: Candle): boolean =>
    stored.coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
  const shown = native.filter(within);
  const storedByOpen = new Map(stored.rows.filter(within).map((row) => [row.openMs, row]));
  const shownOpens = new Set(shown.map(({ openMs }) => openMs));
  const differences = [
    ...shown.filter(known).flatMap((row) => differenceOf(storedByOpen.get(row.openMs), row)),
    ...[...storedByOpen.values()].filter(({ openMs }) => !shownOpens.has(openMs)).map(surplusOf),
  ];
  return {
    compared: shown.filter(({ openMs }) => storedByOpen.has(openMs)).length,
    added: shown.filter((row) => !known(row)).length,
    differences: differences.sort((a, b) => a.openMs - b.openMs),
  };
}

function differenceOf(stored: Candle | undefined, native: Candle): Difference[] {
  const { openMs } = native;
  if (stored === undefined) return [{ kind: 'missing', openMs, native }];
  return textOf(stored) === textOf(native) ? [] : [{ kind: 'different', openMs, stored, native }];
}

function surplusOf(stored: Candle): Difference {
  return { kind: 'surplus', openMs: stored.openMs, stored };
}

/** Every field in one line, amounts in one spelling: `1` and `1.00000000` are the same amount. */
function textOf({ daily, ...row }: Candle): string {
  const amounts = [row.open, row.high, row.low, row.close, row.turnover, row.volume];
  const ofDay = daily === undefined ? [] : [daily.previousClose, daily.change];
  const rate = daily === undefined ? [] : [decimalText(daily.changeRate, RATE_DIGITS)];
  const spelled = [...amounts, ...ofDay].map((amount) => decimalText(amount, AMOUNT_DIGITS));
  return [row.openMs, row.timestampMs, ...spelled, ...rate].join(' ');
}
