import type { CandleColumn } from '../candle-columns';
import type { CandleSlot } from '../candle-slot';
import type { BodyMeta, Layout } from './body-form';

/** Prints one cell as JSON. A number is the decimal's own digits: they go through no float. */
export type CellPrinter = (slot: CandleSlot) => string;

/** What the columns are called and how each cell is printed, the flag of empty slots last. */
export function cellPrinters(layout: Layout): readonly (readonly [string, CellPrinter])[] {
  const cells = layout.columns.map(
    (column) => [column.name, printerOf(column, layout.numbers)] as const,
  );
  if (!layout.withEmptyFlag) return cells;
  return [...cells, ['isEmpty', ({ candle }) => String(candle === undefined)]];
}

/** `{"market":…,"timeframe":…` */
export function jsonBeginning({ series }: Layout): string {
  return `{"market":"${series.market}","timeframe":"${series.timeframe.code}"`;
}

/** `,"asOfMs":…}` */
export function jsonEnd({ asOfMs, finalCount, short, source, staleMs }: BodyMeta): string {
  const stale = staleMs > 0 ? { staleMs } : {};
  return `,${JSON.stringify({ asOfMs, finalCount, short, source, ...stale }).slice(1)}`;
}

function printerOf(column: CandleColumn, numbers: Layout['numbers']): CellPrinter {
  const { read } = column;
  if (column.kind === 'instant' || numbers === 'number') return (slot) => String(read(slot));
  return (slot) => {
    const text = read(slot);
    return text === null ? 'null' : `"${text}"`;
  };
}
