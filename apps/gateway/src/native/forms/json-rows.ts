import type { CandleSlot } from '../candle-slot';
import type { BodyForm, BodyMeta, BodyWriter, Layout } from './body-form';
import { cellPrinters, jsonBeginning, jsonEnd } from './json-cells';

/** `{"market":…,"candles":[{…},…],…}`: one object a slot. */
export const jsonRows: BodyForm = {
  contentType: 'application/json; charset=utf-8',
  holdsAll: false,
  begin: (layout) => new JsonRows(layout),
};

const BETWEEN = ',';

class JsonRows implements BodyWriter {
  /** What comes before the next slot. */
  private before: string;
  private readonly printRow: (slot: CandleSlot) => string;

  constructor(layout: Layout) {
    this.before = `${jsonBeginning(layout)},"candles":[`;
    this.printRow = rowPrinter(layout);
  }

  add(slots: readonly CandleSlot[]): Buffer {
    if (slots.length === 0) return Buffer.alloc(0);
    const text = this.before + slots.map(this.printRow).join(BETWEEN);
    this.before = BETWEEN;
    return Buffer.from(text, 'latin1');
  }

  finish(): Buffer {
    return Buffer.from(this.before === BETWEEN ? ']' : `${this.before}]`);
  }

  meta(meta: BodyMeta): Buffer {
    return Buffer.from(jsonEnd(meta));
  }
}

function rowPrinter(layout: Layout): (slot: CandleSlot) => string {
  const cells = cellPrinters(layout).map(([name, print]) => [`"${name}":`, print] as const);
  return (slot) => {
    let text = '';
    for (const [name, print] of cells) text += `${text === '' ? '{' : ','}${name}${print(slot)}`;
    return `${text}}`;
  };
}
