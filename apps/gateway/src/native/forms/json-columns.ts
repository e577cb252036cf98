import type { CandleSlot } from '../candle-slot';
import type { BodyForm, BodyMeta, BodyWriter, Layout } from './body-form';
import { type CellPrinter, cellPrinters, jsonBeginning, jsonEnd } from './json-cells';

/** `{"market":…,"columns":{"openMs":[…],…},…}`: one list a column. */
export const jsonColumns: BodyForm = {
  contentType: 'application/json; charset=utf-8',
  holdsAll: true,
  begin: (layout) => new JsonColumns(layout),
};

interface Column {
  readonly name: string;
  readonly print: CellPrinter;
  /** Cells of each portion, joined. */
  readonly parts: string[];
}

class JsonColumns implements BodyWriter {
  private readonly columns: readonly Column[];

  constructor(private readonly layout: Layout) {
    this.columns = cellPrinters(layout).map(([name, print]) => ({ name, print, parts: [] }));
  }

  add(slots: readonly CandleSlot[]): Buffer {
    if (slots.length > 0) {
      for (const { print, parts } of this.columns) parts.push(slots.map(print).join(','));
    }
    return Buffer.alloc(0);
  }

  finish(): Buffer {
    const columns = this.columns.map(({ name, parts }) => `"${name}":[${parts.join(',')}]`);
    return Buffer.from(`${jsonBeginning(this.layout)},"columns":{${columns.join(',')}}`, 'latin1');
  }

  meta(meta: BodyMeta): Buffer {
    return Buffer.from(jsonEnd(meta));
  }
}
